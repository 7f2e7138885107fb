/** CloudWatch Logs, as its callers meet it. */
import { type AwsService, defineAwsService } from "@serverlesspresso/aws-service";
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
  absent: {
    StartQuery: "FilterLogEvents searches in place of Logs Insights",
    GetQueryResults: "FilterLogEvents searches in place of Logs Insights",
    PutMetricFilter: "metrics are put, not read from lines",
    PutSubscriptionFilter: "lines are read, not sent on",
  },
  operations: { ...groupOperations, ...eventOperations, ...tagOperations },
});
