/** CloudWatch, as its callers meet it. */
import { type AwsService, absent, defineAwsService } from "@serverlesspresso/aws-service";
import { dashboardOperations } from "./dashboard-operations.ts";
import type { MetricsEngine } from "./engine.ts";
import { MetricsError } from "./errors.ts";
import { metricOperations } from "./operations.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html */
export const cloudWatch: AwsService<MetricsEngine> = defineAwsService({
  name: "CloudWatch",
  target: "GraniteServiceVersion20100801",
  signingNames: ["monitoring"],
  sdk: { service: "cloudwatch", errors: "CloudWatch" },
  protocol: "cbor",
  mostBytes: 2 * 1024 * 1024,
  instants: ["LastModified", "Timestamp", "Timestamps"],
  query: {
    version: "2010-08-01",
    namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
    numbers: ["Counts", "Maximum", "Minimum", "Period", "SampleCount", "Sum", "StorageResolution", "Values"],
    numbersBeside: { Value: "MetricName" },
    booleans: ["ReturnData"],
  },
  errors: {
    invalid: ({ message }) => new MetricsError("InvalidParameterValue", message),
    queryCodes: { DashboardInvalidInputError: "InvalidParameterInput", DashboardNotFoundError: "ResourceNotFound" },
  },
  paging: {
    token: "NextToken",
    most: 500,
    refuse: () => new MetricsError("InvalidParameterValue", "The value for parameter NextToken is invalid."),
  },
  outOfScope: "metrics are put and read, and dashboards kept; insight rules, streams and enrichment have no counterpart here",
  operations: {
    ...metricOperations,
    ...dashboardOperations,
    ...absent("there are no alarms", [
      "DeleteAlarms",
      "DescribeAlarmHistory",
      "DescribeAlarms",
      "DescribeAlarmsForMetric",
      "DisableAlarmActions",
      "EnableAlarmActions",
      "PutCompositeAlarm",
      "PutMetricAlarm",
      "SetAlarmState",
    ]),
    ...absent("nothing learns from the metrics", ["DeleteAnomalyDetector", "DescribeAnomalyDetectors", "PutAnomalyDetector"]),
    ...absent("the console draws the dashboards", ["GetMetricWidgetImage"]),
    ...absent("metrics and dashboards have no tags here", ["ListTagsForResource", "TagResource", "UntagResource"]),
  },
});
