import { OrderCancelled, OrderCompleted, OrderTimeOut, WaitingCompletion } from "@serverlesspresso/contract/events";
import { defineService } from "../define-service.ts";
import { use } from "../use.ts";
import { eventsLoadTest } from "./events-load-test.ts";
import { metricsCloudwatch } from "./metrics-cloudwatch.ts";
import { metricsDynamoDB } from "./metrics-dynamodb.ts";

/** The metrics: rules, queues and these functions, added without touching another service. */
export const service = defineService(import.meta.url, "metrics", (names) => ({
  tables: [
    {
      name: names.metricsTable,
      partitionKey: { name: "PK", type: "S" },
      sortKey: { name: "SK", type: "S" },
      indexes: [],
      timeToLiveAttribute: "expiresAt",
    },
  ],
  // docs/spec.md section 11.
  queues: [
    { name: "MetricsQueue", function: "MetricsDynamoDB" },
    { name: "MetricsQueue-Cloudwatch", function: "MetricsCloudwatch" },
  ],
  rules: [
    {
      name: "OrderMetrics-DynamoDB",
      description: "counts drinks and how orders ended",
      on: [WaitingCompletion, OrderCompleted, OrderCancelled, OrderTimeOut],
      target: { queue: "MetricsQueue" },
    },
    {
      name: "OrderManagerWaitingCompletion",
      description: "counts drinks for the dashboard",
      on: [WaitingCompletion],
      target: { queue: "MetricsQueue-Cloudwatch" },
    },
  ],
  functions: {
    MetricsDynamoDB: {
      handler: metricsDynamoDB,
      description: "counts events in the metrics table",
      uses: [use.table(names.configTable, "GetItem"), use.table(names.metricsTable, "PutItem", "UpdateItem")],
      timeoutSeconds: 60,
    },
    MetricsCloudwatch: {
      handler: metricsCloudwatch,
      description: "counts drinks in CloudWatch metrics",
      uses: [use.metrics],
      timeoutSeconds: 60,
    },
    EventsLoadTest: {
      handler: eventsLoadTest,
      description: "emits 500 events, as if 500 orders waited for completion",
      uses: [use.events],
      timeoutSeconds: 60,
    },
  },
}));
