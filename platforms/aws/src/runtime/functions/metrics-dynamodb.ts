/** On `MetricsQueue`; answers the messages that failed. */
import { createMetrics } from "@serverlesspresso/services/metrics/index.ts";
import { depsOf } from "../base.ts";
import { eventHandler } from "../event-handler.ts";
import { tables } from "../wiring/tables.ts";

export const handler = eventHandler(createMetrics(depsOf({ tables })).MetricsDynamoDB);
