/** CloudWatch metrics and dashboards over the store. */
import type { BoundService } from "@serverlesspresso/aws-service";
import type { Clock, MetricDatum, Metrics as MetricsPort } from "@serverlesspresso/ports";
import type { Store, Transaction } from "@serverlesspresso/store";
import { addSample, claimKey, type MetricName, putName, type Sample } from "./metric-store.ts";
import { cloudWatch } from "./service.ts";
import { single } from "./statistics.ts";

/** What CloudWatch metrics are given. */
export interface MetricsOptions {
  readonly clock: Clock;
  readonly account: string;
}

/** Metrics and dashboards; `execute` and `query` are CloudWatch's operations. */
export interface Metrics extends BoundService {
  /** Counts data; the same `idempotencyKey` adds nothing a second time. */
  putMetricData(tx: Transaction, data: readonly MetricDatum[], idempotencyKey?: string): void;
}

/** Returns CloudWatch metrics: a record for each metric and minute, written in the transaction that is given. */
export function createMetrics({ clock, account }: MetricsOptions): Metrics {
  const known = new Set<string>();

  function put(tx: Transaction, sample: Sample): void {
    addSample(tx, sample);
    const id = JSON.stringify([sample.namespace, sample.name, sample.dimensions]);
    if (known.has(id)) return;
    putName(tx, sample satisfies MetricName);
    tx.afterCommit(() => known.add(id));
  }

  const service = cloudWatch.on({ clock, account, put });
  return {
    putMetricData(tx, data, idempotencyKey) {
      if (idempotencyKey !== undefined && !claimKey(tx, idempotencyKey, clock.nowMs())) return;
      for (const { namespace, metricName: name, dimensions, value, unit, timestampMs } of data) {
        put(tx, { namespace, name, dimensions, unit, timestampMs, statistics: single(value) });
      }
    },
    ...service,
  };
}

/** The port `Metrics`. */
export function createMetricsPort(store: Store, metrics: Pick<Metrics, "putMetricData">): MetricsPort {
  return {
    putMetricData: (data, idempotencyKey) => store.transact((tx) => metrics.putMetricData(tx, data, idempotencyKey)),
  };
}
