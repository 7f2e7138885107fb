/** CloudWatch's operations on metrics. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { list, read, write } from "./engine.ts";
import { MetricsError } from "./errors.ts";
import { listNames, type MetricName, readPeriods } from "./metric-store.ts";
import { Instant, Name } from "./request.ts";
import { merge, type Statistics, single, statistic } from "./statistics.ts";

const Dimensions = z.array(z.object({ Name, Value: z.string().max(1024) })).max(30);
const Period = z.int().min(60).multipleOf(60);
const GetMetricStatistics = z.object({
  Namespace: Name,
  MetricName: Name,
  Dimensions: Dimensions.optional(),
  StartTime: Instant,
  EndTime: Instant,
  Period,
  Statistics: z.array(z.string()).optional(),
  ExtendedStatistics: z.array(z.string()).optional(),
  Unit: z.string().optional(),
});
const MetricStat = z.object({
  Metric: z.object({ Namespace: Name, MetricName: Name, Dimensions: Dimensions.optional() }),
  Period,
  Stat: z.string(),
});
const GetMetricData = z.object({
  MetricDataQueries: z.array(z.object({ Id: z.string(), Label: z.string().optional(), ReturnData: z.boolean().optional(), MetricStat })),
  StartTime: Instant,
  EndTime: Instant,
  ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).optional(),
  NextToken: z.string().optional(),
});
const ListMetrics = z.object({
  Namespace: Name.optional(),
  MetricName: Name.optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).optional(),
  NextToken: z.string().optional(),
});
const MetricDatum = z.object({
  MetricName: Name,
  Dimensions: Dimensions.optional(),
  Timestamp: Instant.optional(),
  Value: z.number().optional(),
  Values: z.array(z.number()).optional(),
  Counts: z.array(z.number()).optional(),
  StatisticValues: z.object({ SampleCount: z.number(), Sum: z.number(), Minimum: z.number(), Maximum: z.number() }).optional(),
  Unit: z.string().optional(),
});
const PutMetricData = z.object({ Namespace: Name, MetricData: z.array(MetricDatum).max(1000) });

/** Those that put, read and list metrics. */
export const metricOperations = {
  GetMetricStatistics: read(GetMetricStatistics, (_engine, view, request) => {
    const { Statistics: plain = [], ExtendedStatistics: extended = [], MetricName: Label } = request;
    if (plain.length + extended.length === 0)
      throw new MetricsError("InvalidParameterValue", "Must specify either Statistics or ExtendedStatistics");
    const window = { fromMs: request.StartTime, toMs: request.EndTime, periodSeconds: request.Period };
    const Datapoints = readPeriods(view, nameOf(request), window).map(({ fromMs, statistics, unit }): JsonObject => {
      return {
        Timestamp: fromMs / 1000,
        ...Object.fromEntries(plain.map((name) => [name, readStatistic(statistics, name)])),
        ...(extended.length > 0 && {
          ExtendedStatistics: Object.fromEntries(extended.map((name) => [name, readStatistic(statistics, name)])),
        }),
        Unit: unit,
      };
    });
    return { Label, Datapoints };
  }),
  GetMetricData: list(GetMetricData, (_engine, view, request) => {
    const { MetricDataQueries, StartTime: fromMs, EndTime: toMs, ScanBy = "TimestampDescending" } = request;
    const MetricDataResults = MetricDataQueries.filter(({ ReturnData = true }) => ReturnData).map(({ Id, Label, MetricStat }) => {
      const points = readPeriods(view, nameOf(MetricStat.Metric), { fromMs, toMs, periodSeconds: MetricStat.Period });
      if (ScanBy === "TimestampDescending") points.reverse();
      return {
        Id,
        Label: Label ?? MetricStat.Metric.MetricName,
        Timestamps: points.map((point) => point.fromMs / 1000),
        Values: points.map(({ statistics }) => readStatistic(statistics, MetricStat.Stat)),
        StatusCode: "Complete",
      };
    });
    return { MetricDataResults };
  }),
  ListMetrics: list(ListMetrics, (_engine, view, { Namespace, MetricName, Dimensions: wanted = [] }, page) => {
    const found = listNames(view, Namespace, MetricName).filter(({ dimensions }) =>
      wanted.every(({ Name, Value }) => Object.hasOwn(dimensions, Name) && (Value === undefined || dimensions[Name] === Value)),
    );
    const { items, next } = page.cut(found);
    const Metrics = items.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    }));
    return { Metrics, ...next };
  }),
  PutMetricData: write(
    PutMetricData,
    ({ clock, put }, tx, { Namespace, MetricData }) => {
      for (const datum of MetricData) {
        const statistics = statisticsOf(datum);
        if (statistics === undefined) {
          throw new MetricsError("InvalidParameterValue", `MetricData of ${datum.MetricName} must have Value, Values or StatisticValues.`);
        }
        const { Unit: unit = "None", Timestamp: timestampMs = clock.nowMs() } = datum;
        put(tx, { ...nameOf({ ...datum, Namespace }), unit, timestampMs, statistics });
      }
      return {};
    },
    { isStreaming: true },
  ),
};

interface Named {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[] | undefined;
}

function nameOf({ Namespace: namespace, MetricName: name, Dimensions: pairs = [] }: Named): MetricName {
  const dimensions = Object.fromEntries(pairs.map(({ Name, Value }) => [Name, Value]));
  return { namespace, name, dimensions };
}

function readStatistic(statistics: Statistics, name: string): number {
  const value = statistic(statistics, name);
  if (value === undefined) throw new MetricsError("InvalidParameterValue", `The value ${name} for parameter Statistics is not supported.`);
  return value;
}

function statisticsOf({ Value, Values, Counts, StatisticValues }: z.infer<typeof MetricDatum>): Statistics | undefined {
  if (Value !== undefined) return single(Value);
  if (Values !== undefined) {
    return Values.reduce<Statistics | undefined>((sum, value, index) => merge(sum, single(value, Counts?.[index] ?? 1)), undefined);
  }
  if (StatisticValues === undefined) return undefined;
  const { SampleCount: n, Sum: sum, Minimum: min, Maximum: max } = StatisticValues;
  // Nothing is known between the extremes; the average stands for all.
  return { n, sum, min, max, buckets: single(sum / n, n).buckets };
}
