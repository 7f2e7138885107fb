/** CloudWatch's contract. */
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect } from "vitest";
import { describeContract, type Place } from "./contract.ts";

/** What the suite needs. */
export interface MetricsTools {
  readonly metrics: CloudWatchClient;
  nowMs(): number;
}

/** At any endpoint that speaks its protocol. */
export function describeMetricsContract(place: Place<MetricsTools>): void {
  describeContract("metrics", place, ({ before, check }) => {
    let metrics: MetricsTools["metrics"];
    let nowMs: MetricsTools["nowMs"];
    before(async (tools) => {
      ({ metrics, nowMs } = tools);
    });

    check("metrics are put and read", async () => {
      const Timestamp = new Date(nowMs());
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

    check("a long put, which the SDK compresses, is unpacked", async () => {
      const MetricData = Array.from({ length: 500 }, (_, i) => ({ MetricName: `Many${i}`, Value: i }));
      await metrics.send(new PutMetricDataCommand({ Namespace: "Long", MetricData }));
      const { Metrics = [], NextToken } = await metrics.send(new ListMetricsCommand({ Namespace: "Long" }));
      expect([Metrics.length, NextToken]).toEqual([500, undefined]);
    });

    check("metric math is refused, not misread", async () => {
      const window = { StartTime: new Date(nowMs() - 60_000), EndTime: new Date(nowMs()) };
      const MetricDataQueries = [{ Id: "q", Expression: "SUM(METRICS())", Period: 60 }];
      await expect(metrics.send(new GetMetricDataCommand({ ...window, MetricDataQueries }))).rejects.toMatchObject({
        name: expect.stringMatching(/Validation|InvalidParameter/),
        message: expect.stringContaining("metricDataQueries.1.member.metricStat"),
      });
    });
  });
}
