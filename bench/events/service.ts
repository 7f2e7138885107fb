/** A service beside the bar's own whose functions do nothing but say that an event has arrived. */
import { names } from "@serverlesspresso/contract";
import { defineEvent } from "@serverlesspresso/contract/events";
import { defineService } from "@serverlesspresso/services/define-service.ts";
import { queueFunction } from "@serverlesspresso/services/edges/queue-function.ts";
import { anyEventFunction } from "@serverlesspresso/services/edges/rule-function.ts";
import { use } from "@serverlesspresso/services/use.ts";
import { z } from "zod";

/** What an event takes from the bus. */
export const routes = ["function", "queue", "subscriber"] as const;
export type Route = (typeof routes)[number];

const eventFor = (route: Route) =>
  defineEvent({
    source: "bar",
    detailType: `Bench.${route}`,
    sentence: "An event whose way is measured.",
    emittedBy: ["bench"],
    detail: { orderId: z.string(), userId: z.string(), drink: z.string() },
  });
/** The event that takes each. */
export const events: Readonly<Record<Route, ReturnType<typeof eventFor>>> = {
  function: eventFor("function"),
  queue: eventFor("queue"),
  subscriber: eventFor("subscriber"),
};

const waiting = new Map<string, () => void>();

/** Resolves when the event of this order has arrived. */
export const arrived = (orderId: string): Promise<void> => new Promise((resolve) => waiting.set(orderId, resolve));

/** Notes that it has. */
export function arrive(orderId: string): void {
  waiting.get(orderId)?.();
  waiting.delete(orderId);
}

/** The service. */
export const service = defineService(import.meta.url, "bench", () => ({
  queues: [{ name: "BenchQueue", function: "BenchFromQueue", batchWindowSeconds: 0 }],
  rules: [
    { name: "BenchFunction", description: "to a function", on: [events.function], target: { function: "BenchArrived" } },
    { name: "BenchQueued", description: "to a queue", on: [events.queue], target: { queue: "BenchQueue" } },
    { name: "BenchPublished", description: "to subscribers", on: [events.subscriber], target: { function: "BenchPublish" } },
  ],
  functions: {
    BenchArrived: {
      handler: anyEventFunction(
        () =>
          async ({ detail }) =>
            arrive(`${detail.orderId}`),
      ),
      description: "notes an event",
      uses: [],
    },
    BenchFromQueue: {
      handler: queueFunction(events.queue, () => async (messages) => {
        for (const { event } of messages) arrive(event.detail.orderId);
        return [];
      }),
      description: "notes events of a queue",
      uses: [],
    },
    BenchPublish: {
      handler: anyEventFunction(
        ({ topics }) =>
          ({ detail }) =>
            topics.publish(names.configTopic, detail),
      ),
      description: "publishes an event",
      uses: [use.topic(names.configTopic)],
    },
  },
}));
