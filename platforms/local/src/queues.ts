import type { QueueBlueprint } from "@serverlesspresso/blueprint";
import type { Functions } from "@serverlesspresso/functions";
import type { Clock, JsonValue } from "@serverlesspresso/ports";
import { createQueueConsumer, type QueueConsumer, type Queues } from "@serverlesspresso/queues";
import type { Store, Transaction } from "@serverlesspresso/store";
import { applyOnce } from "./applied.ts";
import { failureOf } from "./function-failure.ts";
import { arns } from "./place.ts";

/** Makes the blueprint's queues: dead-letter queues first, since one that names a queue which is not there is refused. */
export function putQueues(tx: Transaction, queues: Queues, blueprints: readonly QueueBlueprint[]): void {
  const inOrder = blueprints.toSorted((a, b) => Number(a.deadLetter !== undefined) - Number(b.deadLetter !== undefined));
  for (const queue of inOrder) {
    const attributes = { VisibilityTimeout: String(queue.visibilityTimeoutSeconds), ...redrivePolicy(queue) };
    applyOnce(tx, "queue", queue.name, attributes, () => queues.createQueue(tx, queue.name, attributes));
  }
}

function redrivePolicy({ deadLetter }: QueueBlueprint): Record<string, string> {
  if (deadLetter === undefined) return {};
  return {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arns.queue(deadLetter.queue), maxReceiveCount: deadLetter.maxReceiveCount }),
  };
}

/** The engines that consumers of queues work with. */
export interface ConsumerEngines {
  readonly store: Store;
  readonly clock: Clock;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly onError: (error: unknown, what: string) => void;
}

/** One consumer for each queue of the blueprint that feeds a function. */
export function createConsumers({ functions, ...engines }: ConsumerEngines, blueprints: readonly QueueBlueprint[]): QueueConsumer[] {
  return blueprints.flatMap(({ name, consumer }) => {
    if (consumer === undefined) return [];
    return createQueueConsumer({
      ...engines,
      queueArn: arns.queue(name),
      batchSize: consumer.batchSize,
      windowSeconds: consumer.batchWindowSeconds,
      concurrency: consumer.concurrency,
      async handle(records) {
        const result = await functions.invoke(consumer.function, { Records: records } as unknown as JsonValue);
        if ("functionError" in result) throw failureOf(result.payload);
        return (result.payload ?? undefined) as { batchItemFailures?: { itemIdentifier: string }[] } | undefined;
      },
    });
  });
}
