/** No role allows all actions, or an action on all resources, except the ones listed here. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { Names } from "@serverlesspresso/contract";
import type { JsonObject } from "@serverlesspresso/ports";
import { type Deployment, type Finding, listOf, objectAt } from "./deployment.ts";

/** Actions for which IAM has no resource types: a policy can only say `*`. Each with the reason why it is harmless. */
const withoutResource = new Map([
  ["xray:PutTraceSegments", "traces belong to no resource"],
  ["xray:PutTelemetryRecords", "traces belong to no resource"],
  ["xray:GetSamplingRules", "a read of the account's own rules"],
  ["xray:GetSamplingTargets", "a read of the account's own rules"],
  ["dynamodb:ListStreams", "a read that Lambda asks for before it reads a stream"],
  ["cloudwatch:PutMetricData", "metrics belong to no resource; the condition names the namespace"],
  ["iot:DescribeEndpoint", "a read of the account's own host name"],
  ...["CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries", "PutResourcePolicy"]
    .concat("DescribeResourcePolicies", "DescribeLogGroups")
    .map((verb) => [`logs:${verb}`, "what a workflow needs to have its log delivered"] as const),
]);

/** CDK's own helpers while a stack is made or deleted; nothing of the shop runs with their roles. */
const helpers = /^(UploadAssets|UploadPages|CustomCDKBucketDeployment|CustomS3AutoDeleteObjects|AWS679f53fac002430cb0da5b7982bd2287)/;

/** No action has a star; `*` and open ends are resources only if listed above. */
export function checkWildcards(deployment: Deployment, { names }: Blueprint): Finding[] {
  const openEnded = openEndedOf(names);
  return deployment.all("AWS::IAM::Policy").flatMap(({ id, properties }) => {
    if (helpers.test(id)) return [];
    return listOf<JsonObject>(objectAt(properties.PolicyDocument).Statement).flatMap((statement) => ofStatement(id, statement, openEnded));
  });
}

/** Resources that end in a star, because they are created while the shop runs. */
function openEndedOf({ userTopicPrefix }: Names): readonly RegExp[] {
  return [new RegExp(`^arn:aws:iot:[\\w-]+:\\d+:topic/${userTopicPrefix}\\*$`), /^arn:aws:logs:[\w-]+:\d+:log-group:[\w./-]+:\*$/];
}

function ofStatement(where: string, { Action, Resource, Condition }: JsonObject, openEnded: readonly RegExp[]): Finding[] {
  return listOf<string>(Action).flatMap((action) => {
    if (action.includes("*")) return [{ where, what: `allows ${action}` }];
    const wrong = listOf<string>(Resource).filter(
      (resource) => !isNarrow(action, resource, Condition as JsonObject | undefined, openEnded),
    );
    return wrong.map((resource) => ({ where, what: `allows ${action} on ${resource}` }));
  });
}

function isNarrow(action: string, resource: string, condition: JsonObject | undefined, openEnded: readonly RegExp[]): boolean {
  if (!resource.includes("*")) return true;
  if (resource !== "*") return openEnded.some((pattern) => pattern.test(resource));
  if (action === "cloudwatch:PutMetricData") return typeof objectAt(condition, "StringEquals")["cloudwatch:namespace"] === "string";
  return withoutResource.has(action);
}
