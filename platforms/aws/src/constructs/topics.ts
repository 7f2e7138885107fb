/**
 * Live updates: IoT Core asks a function of ours who a client is. The function answers with a policy for the client's own topics, from the
 * same access token that the API takes.
 *
 * T1. The authorizer is no default of the account: it is named by the address, which the website's `/mqtt` adds.
 * T2. Whoever comes without a token gets the topics that are open to anyone, and can publish nothing.
 */

import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { CfnAuthorizer } from "aws-cdk-lib/aws-iot";
import { CfnPermission, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from "aws-cdk-lib/custom-resources";
import type { Construct } from "constructs";
import { createLogGroup } from "./log-groups.ts";

/** What the website needs to know of them. */
export interface LiveUpdates {
  readonly authorizerName: string;
  /** The account's own host name for MQTT. */
  readonly endpoint: string;
}

export function createLiveUpdates(scope: Construct, authorize: LambdaFunction): LiveUpdates {
  const authorizer = new CfnAuthorizer(scope, "TopicsAuthorizer", {
    authorizerName: "ServerlesspressoTopics",
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
  return { authorizerName: "ServerlesspressoTopics", endpoint: readEndpoint(scope) };
}

/** CloudFormation cannot tell the host name; the account is asked once, when the stack is made. */
function readEndpoint(scope: Construct): string {
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
    logGroup: createLogGroup(scope, "IotEndpoint-logs", "/aws/lambda/Serverlesspresso-iot-endpoint"),
    policy: AwsCustomResourcePolicy.fromStatements([
      // A read that AWS knows no resource for.
      new PolicyStatement({ actions: ["iot:DescribeEndpoint"], resources: ["*"] }),
    ]),
  });
  return endpoint.getResponseField("endpointAddress");
}
