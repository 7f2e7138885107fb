/** One value for CloudWatch, e.g. namespace `Serverlesspresso`, metric `Drink`, dimensions `{Drink: "Latte"}`, unit `Count`. */
export interface MetricDatum {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit: "Count" | "Milliseconds";
  readonly timestampMs: number;
}
/** CloudWatch's verb. `idempotencyKey`: the same key adds nothing a second time. */
export interface Metrics {
  putMetricData(data: readonly MetricDatum[], idempotencyKey?: string): Promise<void>;
}
