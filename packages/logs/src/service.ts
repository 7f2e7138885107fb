/** CloudWatch Logs, as its callers meet it. */
import { type AwsService, absent, defineAwsService } from "@serverlesspresso/aws-service";
import type { LogsEngine } from "./engine.ts";
import { invalidToken, LogsError } from "./errors.ts";
import { eventOperations } from "./event-operations.ts";
import { groupOperations } from "./operations.ts";
import { tagOperations } from "./tags.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html */
export const cloudWatchLogs: AwsService<LogsEngine> = defineAwsService({
  name: "CloudWatch Logs",
  target: "Logs_20140328",
  signingNames: ["logs"],
  sdk: { service: "cloudwatchlogs", errors: "CloudWatchLogs" },
  protocol: "json-1.1",
  isCamelCase: true,
  mostBytes: 2 * 1024 * 1024,
  errors: { invalid: ({ message }) => new LogsError("InvalidParameterException", message) },
  paging: { token: "nextToken", limit: "limit", most: 50, refuse: invalidToken },
  outOfScope: "lines are written, read and searched; deliveries, transformers, anomalies and integrations have no counterpart here",
  operations: {
    ...groupOperations,
    ...eventOperations,
    ...tagOperations,
    ...absent("FilterLogEvents searches in place of Logs Insights", ["DescribeQueries", "GetQueryResults", "StartQuery", "StopQuery"]),
    ...absent("metrics are put, not read from lines", [
      "DeleteMetricFilter",
      "DescribeMetricFilters",
      "PutMetricFilter",
      "TestMetricFilter",
    ]),
    ...absent("lines are read, not sent on", [
      "DeleteSubscriptionFilter",
      "DescribeSubscriptionFilters",
      "PutSubscriptionFilter",
      "StartLiveTail",
    ]),
    ...absent("npm run backup copies the whole store", ["CancelExportTask", "CreateExportTask", "DescribeExportTasks"]),
    ...absent("there are no keys of KMS", ["AssociateKmsKey", "DisassociateKmsKey"]),
    ...absent("there is one account", ["DeleteResourcePolicy", "DescribeResourcePolicies", "PutResourcePolicy"]),
  },
});
