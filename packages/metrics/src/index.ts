export { MetricsError, type MetricsErrorCode } from "./errors.ts";
export { forgetMinutes } from "./metric-store.ts";
export { createMetrics, createMetricsPort, type Metrics, type MetricsOptions } from "./metrics.ts";
