/** Each operation that an AWS SDK has of a service here is answered, or named with the reason why it is not, or the service says why the others are not. */
import * as cloudWatchSdk from "@aws-sdk/client-cloudwatch";
import * as logsSdk from "@aws-sdk/client-cloudwatch-logs";
import * as cognitoSdk from "@aws-sdk/client-cognito-identity-provider";
import * as dynamoDbSdk from "@aws-sdk/client-dynamodb";
import * as eventBridgeSdk from "@aws-sdk/client-eventbridge";
import * as iotDataSdk from "@aws-sdk/client-iot-data-plane";
import * as lambdaSdk from "@aws-sdk/client-lambda";
import * as sfnSdk from "@aws-sdk/client-sfn";
import * as sqsSdk from "@aws-sdk/client-sqs";
import * as stsSdk from "@aws-sdk/client-sts";
import type { ServiceDescription } from "@serverlesspresso/aws-service";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAwsServices } from "../../platforms/local/src/aws/services.ts";
import { type AwsBar, openAwsBar } from "./support.ts";

let bar: AwsBar;
let services: readonly ServiceDescription[];
beforeAll(async () => {
  bar = await openAwsBar();
  const { identities, broker } = bar.platform;
  const bound = createAwsServices({ engines: bar.platform, pool: identities.pool, topics: broker, onError() {} });
  services = [...bound.values()].map(({ service }) => service);
});
afterAll(() => bar.close());

/** Operations whose pages go on from a key, or from a place in a stream in either direction, and not from a token of our paging. */
const ownPages: readonly string[] = ["ListTables", "Query", "Scan", "GetLogEvents"];

describe.each([
  { name: "CloudWatch", sdk: cloudWatchSdk },
  { name: "CloudWatch Logs", sdk: logsSdk },
  { name: "Cognito user pools", sdk: cognitoSdk },
  { name: "DynamoDB", sdk: dynamoDbSdk },
  { name: "EventBridge", sdk: eventBridgeSdk },
  { name: "IoT data plane", sdk: iotDataSdk },
  { name: "Lambda", sdk: lambdaSdk },
  { name: "SQS", sdk: sqsSdk },
  { name: "Step Functions", sdk: sfnSdk },
  { name: "STS", sdk: stsSdk },
])("$name", ({ name, sdk }) => {
  const described = (): ServiceDescription => services.find((service) => service.name === name) ?? expect.unreachable();
  const named = (pattern: RegExp): string[] => Object.keys(sdk).flatMap((member) => pattern.exec(member)?.[1] ?? []);

  test("says of each operation that AWS has whether it is here", () => {
    const { operations, absent, outOfScope } = described();
    const all = named(/^([A-Z]\w+)Command$/);
    const unsaid = all.filter((operation) => !(operation in operations) && !(operation in absent));
    expect(outOfScope === undefined ? unsaid : []).toEqual([]);
    expect(unsaid.length === 0 && outOfScope).toBeFalsy();
    expect(Object.keys(absent).filter((operation) => !all.includes(operation) || operation in operations)).toEqual([]);
  });

  test("reads in pages what AWS pages, so that it refuses a bad token", () => {
    const { operations } = described();
    const paged = named(/^paginate(\w+)$/).filter((operation) => operation in operations && !ownPages.includes(operation));
    expect(paged.filter((operation) => operations[operation]?.isPaged !== true)).toEqual([]);
  });
});
