/** CloudWatch's operations by name, on its own shapes; instants are seconds since the epoch, ISO 8601 is taken too. */

import type { Clock, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { validationFault } from "@serverlesspresso/store";
import { z } from "zod";
import { deleteDashboard, getDashboard, listDashboards, putDashboard } from "./dashboards.ts";
import { MetricsError } from "./errors.ts";
import { type Dimensions, listNames, type MetricName, readPeriods, type Sample } from "./metric-store.ts";
import { merge, type Statistics, single, statistic } from "./statistics.ts";

export interface OperationsOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly put: (tx: Transaction, sample: Sample) => void;
}
export interface Operations {
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
  query(view: ReadView, operation: string, request: JsonObject): JsonObject;
  /** The names of the operations there are. */
  readonly operations: readonly string[];
}
type Reading = Readonly<Record<string, (view: ReadView, request: JsonObject) => JsonObject>>;
type Writing = Readonly<Record<string, (tx: Transaction, request: JsonObject) => JsonObject>>;

/** In ms, up to the last instant a `Date` can hold. */
const Instant = z
  .union([z.number().transform((seconds) => seconds * 1000), z.string().transform((text) => Date.parse(text))])
  .pipe(z.number("Member must be a timestamp").min(0).max(8.64e15));
/** As long as CloudWatch's names may be. */
const Name = z.string().min(1).max(255);
const Pairs = z.array(z.object({ Name, Value: z.string().max(1024) })).max(30);
const Period = z.int().min(60).multipleOf(60);

const requests = {
  statistics: z.object({
    Namespace: Name,
    MetricName: Name,
    Dimensions: Pairs.optional(),
    StartTime: Instant,
    EndTime: Instant,
    Period,
    Statistics: z.array(z.string()).optional(),
    ExtendedStatistics: z.array(z.string()).optional(),
    Unit: z.string().optional(),
  }),
  data: z.object({
    MetricDataQueries: z.array(
      z.object({
        Id: z.string(),
        Label: z.string().optional(),
        ReturnData: z.boolean().optional(),
        MetricStat: z.object({
          Metric: z.object({ Namespace: Name, MetricName: Name, Dimensions: Pairs.optional() }),
          Period,
          Stat: z.string(),
        }),
      }),
    ),
    StartTime: Instant,
    EndTime: Instant,
    ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).optional(),
  }),
  list: z.object({
    Namespace: Name.optional(),
    MetricName: Name.optional(),
    Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).optional(),
    NextToken: z.string().optional(),
  }),
  put: z.object({
    Namespace: Name,
    MetricData: z
      .array(
        z.object({
          MetricName: Name,
          Dimensions: Pairs.optional(),
          Timestamp: Instant.optional(),
          Value: z.number().optional(),
          Values: z.array(z.number()).optional(),
          Counts: z.array(z.number()).optional(),
          StatisticValues: z.object({ SampleCount: z.number(), Sum: z.number(), Minimum: z.number(), Maximum: z.number() }).optional(),
          Unit: z.string().optional(),
        }),
      )
      .max(1000),
  }),
  putDashboard: z.object({ DashboardName: z.string().regex(/^[\w-]{1,255}$/), DashboardBody: z.string() }),
  oneDashboard: z.object({ DashboardName: Name }),
  dashboards: z.object({ DashboardNames: z.array(Name) }),
  listDashboards: z.object({ DashboardNamePrefix: Name.optional() }),
} as const;

const listedAtOnce = 500;

export function createOperations({ clock, account, put }: OperationsOptions): Operations {
  const dashboardArn = (name: string): string => `arn:aws:cloudwatch::${account}:dashboard/${name}`;

  const reading: Reading = {
    GetMetricStatistics(view, request) {
      const parsed = parse(requests.statistics, request);
      const { Statistics: plain = [], ExtendedStatistics: extended = [], MetricName: Label } = parsed;
      if (plain.length + extended.length === 0)
        throw new MetricsError("InvalidParameterValue", "Must specify either Statistics or ExtendedStatistics");
      const window = { fromMs: parsed.StartTime, toMs: parsed.EndTime, periodSeconds: parsed.Period };
      const Datapoints = readPeriods(view, nameOf(parsed), window).map(({ fromMs, statistics, unit }): JsonObject => {
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
    },
    GetMetricData(view, request) {
      const { MetricDataQueries, StartTime: fromMs, EndTime: toMs, ScanBy = "TimestampDescending" } = parse(requests.data, request);
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
    },
    ListMetrics(view, request) {
      const { Namespace, MetricName, Dimensions: wanted = [], NextToken = "0" } = parse(requests.list, request);
      const found = listNames(view, Namespace, MetricName).filter(({ dimensions }) =>
        wanted.every(({ Name, Value }) => Object.hasOwn(dimensions, Name) && (Value === undefined || dimensions[Name] === Value)),
      );
      const from = Number(NextToken);
      const Metrics = found.slice(from, from + listedAtOnce).map((one) => ({
        Namespace: one.namespace,
        MetricName: one.name,
        Dimensions: Object.entries(one.dimensions).map(([Name, Value]) => ({ Name, Value })),
      }));
      return { Metrics, ...(from + listedAtOnce < found.length && { NextToken: String(from + listedAtOnce) }) };
    },
    GetDashboard(view, request) {
      const { name, body } = getDashboard(view, parse(requests.oneDashboard, request).DashboardName);
      return { DashboardName: name, DashboardArn: dashboardArn(name), DashboardBody: body };
    },
    ListDashboards(view, request) {
      const { DashboardNamePrefix = "" } = parse(requests.listDashboards, request);
      const found = listDashboards(view).filter(({ name }) => name.startsWith(DashboardNamePrefix));
      return {
        DashboardEntries: found.map(({ name, body, modifiedMs }) => {
          return { DashboardName: name, DashboardArn: dashboardArn(name), LastModified: modifiedMs / 1000, Size: Buffer.byteLength(body) };
        }),
      };
    },
  };

  const writing: Writing = {
    PutMetricData(tx, request) {
      const { Namespace: namespace, MetricData } = parse(requests.put, request);
      for (const datum of MetricData) {
        const statistics = statisticsOf(datum);
        if (statistics === undefined) {
          throw new MetricsError("InvalidParameterValue", `MetricData of ${datum.MetricName} must have Value, Values or StatisticValues.`);
        }
        const { Unit: unit = "None", Timestamp: timestampMs = clock.nowMs() } = datum;
        put(tx, { ...nameOf({ ...datum, Namespace: namespace }), unit, timestampMs, statistics });
      }
      return {};
    },
    PutDashboard(tx, request) {
      const { DashboardName: name, DashboardBody: body } = parse(requests.putDashboard, request);
      putDashboard(tx, { name, body, modifiedMs: clock.nowMs() });
      return { DashboardValidationMessages: [] };
    },
    DeleteDashboards(tx, request) {
      for (const name of parse(requests.dashboards, request).DashboardNames) deleteDashboard(tx, name);
      return {};
    },
  };

  function query(view: ReadView, operation: string, request: JsonObject): JsonObject {
    const read = Object.hasOwn(reading, operation) ? reading[operation] : undefined;
    if (read === undefined) throw new MetricsError("UnknownOperationException", `The operation ${operation} is not known.`);
    return read(view, request);
  }

  return {
    query,
    operations: [...Object.keys(reading), ...Object.keys(writing)],
    execute(tx, operation, request) {
      const write = Object.hasOwn(writing, operation) ? writing[operation] : undefined;
      return write === undefined ? query(tx, operation, request) : write(tx, request);
    },
  };
}

interface Named {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[] | undefined;
}

function nameOf({ Namespace: namespace, MetricName: name, Dimensions: pairs = [] }: Named): MetricName {
  const dimensions: Dimensions = Object.fromEntries(pairs.map(({ Name, Value }) => [Name, Value]));
  return { namespace, name, dimensions };
}

function readStatistic(statistics: Statistics, name: string): number {
  const value = statistic(statistics, name);
  if (value === undefined) throw new MetricsError("InvalidParameterValue", `The value ${name} for parameter Statistics is not supported.`);
  return value;
}

type Datum = z.infer<typeof requests.put>["MetricData"][number];

function statisticsOf({ Value, Values, Counts, StatisticValues }: Datum): Statistics | undefined {
  if (Value !== undefined) return single(Value);
  if (Values !== undefined) {
    return Values.reduce<Statistics | undefined>((sum, value, index) => merge(sum, single(value, Counts?.[index] ?? 1)), undefined);
  }
  if (StatisticValues === undefined) return undefined;
  const { SampleCount: n, Sum: sum, Minimum: min, Maximum: max } = StatisticValues;
  // Nothing is known between the extremes; the average stands for all.
  return { n, sum, min, max, buckets: single(sum / n, n).buckets };
}

function parse<S extends z.ZodType>(schema: S, request: JsonObject): z.infer<S> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new MetricsError("InvalidParameterValue", validationFault(parsed.error, request).message);
}
