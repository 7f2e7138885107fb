import { type Names, physicalName } from "@serverlesspresso/contract";
import type { QueueDeclaration } from "@serverlesspresso/services/declaration.ts";
import type { QueueBlueprint } from "@serverlesspresso/services/resources.ts";

/** Returns each queue and its dead letters, and the queue for what a rule could not deliver. */
export function queuesOf(declared: readonly QueueDeclaration<string>[], names: Names): QueueBlueprint[] {
  return [...declared.flatMap((queue) => consumed(queue, names)), { name: names.deadLetterQueue, visibilityTimeoutSeconds: 30 }];
}

/** Messages stay hidden six times as long as a function may take, as AWS advises. */
function consumed(
  { name, function: fn, batchSize = 10, batchWindowSeconds = 30 }: QueueDeclaration<string>,
  { bar }: Names,
): QueueBlueprint[] {
  const dead = physicalName(bar, `${name}-DLQ`);
  return [
    {
      name: physicalName(bar, name),
      visibilityTimeoutSeconds: 360,
      deadLetter: { queue: dead, maxReceiveCount: 5 },
      consumer: { function: physicalName(bar, fn), batchSize, batchWindowSeconds, concurrency: 1 },
    },
    { name: dead, visibilityTimeoutSeconds: 30 },
  ];
}
