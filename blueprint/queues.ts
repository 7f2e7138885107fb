import { names } from "@serverlesspresso/contract";
import type { FunctionName, QueueBlueprint } from "./types.ts";

/** A queue and its dead letters. The messages stay hidden six times as long as its function may take, as AWS advises. */
function consumed(name: string, fn: FunctionName): QueueBlueprint[] {
  const dead = `${name}-DLQ`;
  return [
    {
      name,
      visibilityTimeoutSeconds: 360,
      deadLetter: { queue: dead, maxReceiveCount: 5 },
      consumer: { function: fn, batchSize: 10, batchWindowSeconds: 30, concurrency: 1 },
    },
    { name: dead, visibilityTimeoutSeconds: 30 },
  ];
}

/** SPEC section 11, and the queue for what a rule could not deliver. */
export const queues: readonly QueueBlueprint[] = [
  ...consumed(names.metricsQueue, "MetricsDynamoDB"),
  ...consumed(names.metricsQueueCloudwatch, "MetricsCloudwatch"),
  { name: names.deadLetterQueue, visibilityTimeoutSeconds: 30 },
];
