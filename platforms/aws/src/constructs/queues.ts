import type { QueueBlueprint } from "@serverlesspresso/blueprint";
import { Duration } from "aws-cdk-lib";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Right } from "./rights.ts";

/** The longest retention that SQS allows. */
const keptDays = 14;
/** Lambda takes no less for a queue's consumer. */
const leastConcurrency = 2;

/** Creates the blueprint's queues, dead-letter queues first. Returns them by name. */
export function createQueues(scope: Construct, blueprints: readonly QueueBlueprint[]): ReadonlyMap<string, Queue> {
  const queues = new Map<string, Queue>();
  const inOrder = [...blueprints].sort((a, b) => Number(a.deadLetter !== undefined) - Number(b.deadLetter !== undefined));
  for (const { name, visibilityTimeoutSeconds, deadLetter, consumer } of inOrder) {
    const dead = deadLetter === undefined ? undefined : queues.get(deadLetter.queue);
    if (deadLetter !== undefined && dead === undefined) throw new RangeError(`queue "${name}": no queue "${deadLetter.queue}"`);
    const queue = new Queue(scope, name, {
      queueName: name,
      visibilityTimeout: Duration.seconds(visibilityTimeoutSeconds),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...(consumer === undefined && { retentionPeriod: Duration.days(keptDays) }),
      ...(dead !== undefined && { deadLetterQueue: { queue: dead, maxReceiveCount: deadLetter?.maxReceiveCount ?? 1 } }),
    });
    queues.set(name, queue);
  }
  return queues;
}

/** Returns the rights that a queue's consumer needs on the queue. */
export function consumerRights(queueArn: string): Right[] {
  return ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"].map((action) => ({ action, resource: queueArn }));
}

/** Connects the blueprint's queues to their functions. */
export function createConsumers(
  scope: Construct,
  blueprints: readonly QueueBlueprint[],
  queues: ReadonlyMap<string, Queue>,
  functions: ReadonlyMap<string, LambdaFunction>,
): void {
  for (const { name, consumer } of blueprints) {
    if (consumer === undefined) continue;
    const fn = functions.get(consumer.function) as LambdaFunction;
    const mapping = new CfnEventSourceMapping(scope, `${name}-consumer`, {
      eventSourceArn: (queues.get(name) as Queue).queueArn,
      functionName: fn.functionName,
      batchSize: consumer.batchSize,
      maximumBatchingWindowInSeconds: consumer.batchWindowSeconds,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: Math.max(leastConcurrency, consumer.concurrency) },
    });
    mapping.node.addDependency(fn.role as NonNullable<typeof fn.role>);
  }
}
