/** On `MetricsQueue-Cloudwatch`; answers the messages that failed. */
import { createMetrics } from "@serverlesspresso/services/metrics/index.ts";
import { depsOf } from "../base.ts";
import { eventHandler } from "../event-handler.ts";
import { metrics } from "../wiring/metrics.ts";

export const handler = eventHandler(createMetrics(depsOf({ metrics })).MetricsCloudwatch);
