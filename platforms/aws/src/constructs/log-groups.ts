import type { Blueprint } from "@serverlesspresso/blueprint";
import { RemovalPolicy } from "aws-cdk-lib";
import { CfnResourcePolicy, LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Arns } from "./place.ts";

/** How long the logs of functions, workflows and the API are kept. */
const retentionDays = 30;

/** Creates a log group with a retention, which is deleted with its stack. */
export function createLogGroup(scope: Construct, id: string, logGroupName: string, days: number = retentionDays): LogGroup {
  if (RetentionDays[days] === undefined) throw new RangeError(`log group "${logGroupName}": CloudWatch keeps no logs for ${days} days`);
  return new LogGroup(scope, id, { logGroupName, retention: days, removalPolicy: RemovalPolicy.DESTROY });
}

/** Creates the blueprint's log groups, to which the bus may deliver. Returns them by name. */
export function createLogGroups(
  scope: Construct,
  { names, logGroups }: Pick<Blueprint, "names" | "logGroups">,
  arns: Arns,
): ReadonlyMap<string, LogGroup> {
  const groups = logGroups.map(
    (blueprint) => [blueprint.name, createLogGroup(scope, blueprint.name, blueprint.name, blueprint.retentionDays)] as const,
  );
  new CfnResourcePolicy(scope, "EventsToLogs", {
    policyName: `${names.bar}-events-to-logs`,
    policyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: logGroups.map(({ name }) => `${arns.logGroup(name)}:*`),
        },
      ],
    }),
  });
  return new Map(groups);
}
