import { type CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { MetricDatum, Metrics } from "@serverlesspresso/ports";

/** Does something once for a key, however often it is asked to. */
export type Once = (key: string, act: () => Promise<void>) => Promise<void>;

/** Serves `ports/metrics.ts` from CloudWatch, which itself would count a repeat again; so `once` stands before it. */
export function createMetrics(cloudwatch: Pick<CloudWatchClient, "send">, once: Once): Metrics {
  async function put(data: readonly MetricDatum[]): Promise<void> {
    for (const [Namespace, values] of Map.groupBy(data, ({ namespace }) => namespace)) {
      await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData: values.map(wire) }));
    }
  }
  return {
    putMetricData: (data, idempotencyKey) => (idempotencyKey === undefined ? put(data) : once(`metric ${idempotencyKey}`, () => put(data))),
  };
}

function wire({ metricName, dimensions, value, unit, timestampMs }: MetricDatum) {
  return {
    MetricName: metricName,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Value: value,
    Unit: unit,
    Timestamp: new Date(timestampMs),
  };
}
