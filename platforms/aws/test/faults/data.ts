/** Faults in tables, user pool, encryption, public access, dashboard and alarms. */
import { type Fault, named, type Part, put, text } from "./shop.ts";

/** Faults that the checks of tables, exposure, dashboard and alarms must find. */
export const dataFaults: readonly Fault[] = [
  {
    name: "a table with another key",
    foundBy: "tables",
    spoil: (shop) =>
      put(
        shop.resource("AWS::DynamoDB::Table", named("TableName", "serverlesspresso-order-table")).Properties.KeySchema?.[1],
        "AttributeName",
        "createdMs",
      ),
  },
  {
    name: "an index is left out",
    foundBy: "tables",
    spoil(shop) {
      const { GlobalSecondaryIndexes } = shop.resource(
        "AWS::DynamoDB::Table",
        named("TableName", "serverlesspresso-order-table"),
      ).Properties;
      (GlobalSecondaryIndexes as unknown as Part[]).pop();
    },
  },
  {
    name: "orders are deleted with their stack",
    foundBy: "survivors",
    spoil: (shop) =>
      void (shop.resource("AWS::DynamoDB::Table", named("TableName", "serverlesspresso-order-table")).DeletionPolicy = "Delete"),
  },
  {
    name: "orders may be deleted by a slip",
    foundBy: "survivors",
    spoil: (shop) =>
      put(
        shop.resource("AWS::DynamoDB::Table", named("TableName", "serverlesspresso-order-table")).Properties,
        "DeletionProtectionEnabled",
        false,
      ),
  },
  {
    name: "a dashboard that is no JSON",
    foundBy: "dashboard",
    spoil: (shop) => put(shop.resource("AWS::CloudWatch::Dashboard").Properties, "DashboardBody", '{"widgets":['),
  },
  {
    name: "a bucket that can be made public",
    foundBy: "no public bucket",
    spoil: (shop) => put(shop.resource("AWS::S3::Bucket").Properties.PublicAccessBlockConfiguration, "BlockPublicPolicy", false),
  },
  {
    name: "an identity for the unauthenticated",
    foundBy: "no unauthenticated identity",
    spoil: (shop) =>
      shop.add("Serverlesspresso-Data", "Guests", {
        Type: "AWS::Cognito::IdentityPool",
        Properties: { AllowUnauthenticatedIdentities: true },
      }),
  },
  {
    name: "a function that anybody may call",
    foundBy: "no unauthenticated identity",
    spoil: (shop) => put(shop.resource("AWS::Lambda::Permission").Properties, "Principal", "*"),
  },
  {
    name: "a client with a secret",
    foundBy: "user pool",
    spoil: (shop) => put(shop.resource("AWS::Cognito::UserPoolClient").Properties, "GenerateSecret", true),
  },
  {
    name: "a queue that is not encrypted",
    foundBy: "encryption",
    spoil: (shop) => put(shop.resource("AWS::SQS::Queue").Properties, "SqsManagedSseEnabled", false),
  },
  {
    name: "nobody hears of dead letters",
    foundBy: "alarms",
    spoil: (shop) => shop.remove("AWS::CloudWatch::Alarm", ({ AlarmName }) => text(AlarmName).includes("MetricsQueue-DLQ-filled")),
  },
  {
    name: "a function whose failures do not count",
    foundBy: "alarms",
    spoil: (shop) => shop.remove("AWS::Logs::MetricFilter", ({ LogGroupName }) => JSON.stringify(LogGroupName).includes("SpendToken")),
  },
  {
    name: "an alarm for the failed functions of the whole region",
    foundBy: "alarms",
    spoil: (shop) => {
      const { Properties } = shop.resource("AWS::CloudWatch::Alarm", ({ AlarmName }) => text(AlarmName).includes("functions-failed"));
      put(Properties, "Namespace", "AWS/Lambda");
      put(Properties, "MetricName", "Errors");
    },
  },
];
