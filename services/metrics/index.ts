import type { Deps } from "../shared/deps.ts";
import { eventsLoadTest } from "./events-load-test.ts";
import { metricsCloudwatch } from "./metrics-cloudwatch.ts";
import { metricsDynamoDB } from "./metrics-dynamodb.ts";

/** The metrics: rules, queues and these functions, added without touching another service. */
export function createMetrics(deps: Deps) {
  return { MetricsDynamoDB: metricsDynamoDB(deps), MetricsCloudwatch: metricsCloudwatch(deps), EventsLoadTest: eventsLoadTest(deps) };
}
