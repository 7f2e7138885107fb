import { type ReceivedOf, WaitingCompletion } from "@serverlesspresso/contract/events";
import type { MetricDatum } from "@serverlesspresso/ports";
import { queueFunction } from "../edges/queue-function.ts";
import { drinkOf, identityOf } from "./counted.ts";

/** The queue's function: each order is a value of its drink and one of all orders, at the event's own time; `identityOf` keeps it to one. */
export const metricsCloudwatch = queueFunction(WaitingCompletion, ({ metrics, names }) => async (messages) => {
  const failed = await Promise.all(
    messages.map(async ({ messageId, event }) => {
      try {
        await metrics.putMetricData(valuesOf(names.metricsNamespace, event), identityOf(event));
        return [];
      } catch {
        return [messageId];
      }
    }),
  );
  return failed.flat();
});

function valuesOf(namespace: string, { detail, time }: ReceivedOf<typeof WaitingCompletion>): MetricDatum[] {
  return [drinkOf(detail), "Total Orders"].map((name) => ({
    namespace,
    metricName: "Drink",
    dimensions: { Drink: name },
    value: 1,
    unit: "Count",
    timestampMs: Date.parse(time),
  }));
}
