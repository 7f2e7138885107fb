/**
 * Live updates: IoT Core calls the function `AuthorizeTopics` when a client connects. The function returns a policy for the client's own topics,
 * from the same access token that the API accepts.
 *
 * T1. The authorizer is not the default of the account: the query of the address names it, and the website's `/mqtt` sets that query.
 * T2. A client without a token may subscribe to the public topics only, and may not publish.
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/custom-auth-lambda.html
 */
import type { Names } from "@serverlesspresso/contract";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { CfnAuthorizer } from "aws-cdk-lib/aws-iot";
import { CfnPermission, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from "aws-cdk-lib/custom-resources";
import type { Construct } from "constructs";
import { createLogGroup } from "./log-groups.ts";

/** What the website needs to connect clients to IoT Core. */
export interface LiveUpdates {
  readonly authorizerName: string;
  /** The account's own host name for MQTT. */
  readonly endpoint: string;
}

/** Creates the authorizer and returns its name and the endpoint of IoT Core. */
export function createLiveUpdates(scope: Construct, { bar }: Names, authorize: LambdaFunction): LiveUpdates {
  const authorizerName = `${bar}Topics`;
  const authorizer = new CfnAuthorizer(scope, "TopicsAuthorizer", {
    authorizerName,
    authorizerFunctionArn: authorize.functionArn,
    signingDisabled: true,
    status: "ACTIVE",
  });
  new CfnPermission(scope, "TopicsAuthorizer-permission", {
    action: "lambda:InvokeFunction",
    functionName: authorize.functionName,
    principal: "iot.amazonaws.com",
    sourceArn: authorizer.attrArn,
  });
  return { authorizerName, endpoint: readEndpoint(scope, bar) };
}

/** Returns the host name of IoT Core. CloudFormation does not have it, so a custom resource reads it when the stack is created. */
function readEndpoint(scope: Construct, bar: string): string {
  const call = {
    service: "IoT",
    action: "describeEndpoint",
    parameters: { endpointType: "iot:Data-ATS" },
    outputPaths: ["endpointAddress"],
    physicalResourceId: PhysicalResourceId.of("iot-endpoint"),
  };
  const endpoint = new AwsCustomResource(scope, "IotEndpoint", {
    onCreate: call,
    onUpdate: call,
    installLatestAwsSdk: false,
    logGroup: createLogGroup(scope, "IotEndpoint-logs", `/aws/lambda/${bar}-iot-endpoint`),
    policy: AwsCustomResourcePolicy.fromStatements([
      // A read that AWS knows no resource for.
      new PolicyStatement({ actions: ["iot:DescribeEndpoint"], resources: ["*"] }),
    ]),
  });
  return endpoint.getResponseField("endpointAddress");
}
