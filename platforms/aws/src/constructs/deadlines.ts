import type { DeadlineBlueprint } from "@serverlesspresso/blueprint";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnPermission, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { letSend } from "./rules.ts";

/** A call that comes a minute late has its successor beside it. */
const retryPolicy = { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 2 } as const;

/**
 * Calls each deadline's function once a minute. A schedule of EventBridge Scheduler for each instant would come no sooner (it keeps to the
 * minute too), and would have to be made, moved and deleted by a function whose own failure nobody would notice.
 */
export function createDeadlines(
  scope: Construct,
  blueprints: readonly DeadlineBlueprint[],
  functions: ReadonlyMap<string, LambdaFunction>,
  queues: ReadonlyMap<string, Queue>,
): void {
  for (const { name, description, function: target, deadLetterQueue } of blueprints) {
    const fn = functions.get(target) as LambdaFunction;
    const queue = queues.get(deadLetterQueue) as Queue;
    // Only the default bus keeps schedules.
    const rule = new CfnRule(scope, `Deadline-${name}`, {
      name,
      description: `looks every minute: ${description}`,
      scheduleExpression: "rate(1 minute)",
      state: "ENABLED",
      targets: [{ id: target, arn: fn.functionArn, input: "{}", deadLetterConfig: { arn: queue.queueArn }, retryPolicy }],
    });
    new CfnPermission(scope, `Deadline-${name}-permission`, {
      action: "lambda:InvokeFunction",
      functionName: fn.functionName,
      principal: "events.amazonaws.com",
      sourceArn: rule.attrArn,
    });
    letSend(queue, [rule.attrArn]);
  }
}
