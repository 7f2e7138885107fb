import type { EventEnvelope, FunctionHandler, JsonValue, MetricDatum, QueueRecord } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { drinkOf, receive } from "./counted.ts";

/** The queue's function: each order is a value of its drink and one of all orders, at the event's own time; the event's id keeps it to one. */
export function metricsCloudwatch(deps: Deps): FunctionHandler {
  return async (event) => {
    const { Records } = event as unknown as { readonly Records: readonly QueueRecord[] };
    const { received, unreadable } = receive(Records);
    const failed = await Promise.all(
      received.map(async ({ messageId, envelope }) => {
        try {
          await deps.metrics.putMetricData(valuesOf(deps, envelope), envelope.id);
          return [];
        } catch {
          return [messageId];
        }
      }),
    );
    const failures = [...unreadable, ...failed.flat()];
    return { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) } satisfies JsonValue;
  };
}

function valuesOf({ names }: Deps, { detail, time }: EventEnvelope): MetricDatum[] {
  return [drinkOf(detail), "Total Orders"].map((name) => ({
    namespace: names.metricsNamespace,
    metricName: "Drink",
    dimensions: { Drink: name },
    value: 1,
    unit: "Count",
    timestampMs: Date.parse(time),
  }));
}
