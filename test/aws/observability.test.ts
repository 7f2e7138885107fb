import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsBar, openAwsBar } from "./support.ts";

let bar: AwsBar;
beforeAll(async () => {
  bar = await openAwsBar();
});
afterAll(() => bar.close());

test("lines are put into a log group and found by a pattern", async () => {
  const logs = new CloudWatchLogsClient(bar.client);
  const [logGroupName, logStreamName] = ["/mine/log", "one"];
  const atMs = bar.clock.nowMs();
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = ["milk is low", "ERROR no milk", "milk is back"].map((message, i) => ({ timestamp: atMs + i, message }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: "ERROR" }));
  expect(events).toMatchObject([{ message: "ERROR no milk", timestamp: atMs + 1, logStreamName }]);
  const read = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, limit: 2 }));
  expect(read.events?.map(({ message }) => message)).toEqual(["milk is low", "ERROR no milk"]);
  const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  expect(logStreams).toMatchObject([{ logStreamName, creationTime: atMs }]);
  await expect(logs.send(new FilterLogEventsCommand({ logGroupName: "/none" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("metrics are put and read", async () => {
  const metrics = new CloudWatchClient(bar.client);
  const Timestamp = new Date(bar.clock.nowMs());
  const Dimensions = [{ Name: "Drink", Value: "Latte" }];
  const datum = (Value: number) => ({ MetricName: "Sold", Dimensions, Timestamp, Value, Unit: "Count" as const });
  await metrics.send(new PutMetricDataCommand({ Namespace: "Mine", MetricData: [datum(2), datum(5)] }));
  expect((await metrics.send(new ListMetricsCommand({ Namespace: "Mine" }))).Metrics).toEqual([
    { Namespace: "Mine", MetricName: "Sold", Dimensions },
  ]);
  const window = { StartTime: new Date(Timestamp.getTime() - 60_000), EndTime: new Date(Timestamp.getTime() + 60_000) };
  const statistics = new GetMetricStatisticsCommand({
    Namespace: "Mine",
    MetricName: "Sold",
    Dimensions,
    ...window,
    Period: 60,
    Statistics: ["Sum", "Maximum"],
  });
  expect((await metrics.send(statistics)).Datapoints).toEqual([{ Timestamp, Sum: 7, Maximum: 5, Unit: "Count" }]);
  const MetricStat = { Metric: { Namespace: "Mine", MetricName: "Sold", Dimensions }, Period: 60, Stat: "Average" };
  const { MetricDataResults = [] } = await metrics.send(
    new GetMetricDataCommand({ ...window, MetricDataQueries: [{ Id: "q", MetricStat }] }),
  );
  expect(MetricDataResults).toMatchObject([{ Id: "q", Timestamps: [Timestamp], Values: [3.5] }]);
});

test("a long put, which the SDK compresses, is unpacked", async () => {
  const metrics = new CloudWatchClient(bar.client);
  const MetricData = Array.from({ length: 500 }, (_, i) => ({ MetricName: `Many${i}`, Value: i }));
  await metrics.send(new PutMetricDataCommand({ Namespace: "Long", MetricData }));
  const { Metrics = [], NextToken } = await metrics.send(new ListMetricsCommand({ Namespace: "Long" }));
  expect([Metrics.length, NextToken]).toEqual([500, undefined]);
});
