import type { DeadlineBlueprint } from "@serverlesspresso/blueprint";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnPermission, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { letSend } from "./rules.ts";

/** A call is retried for one minute only: then the next one is due. */
const retryPolicy = { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 2 } as const;

/**
 * Calls each deadline's function once a minute. A one-time schedule of EventBridge Scheduler for each deadline would not be more precise (it is
 * accurate to one minute), and a function would have to create, move and delete it, and a failure of that function would go unnoticed.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
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
