import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock, type ManualClock } from "@serverlesspresso/clock";
import type { JsonObject, MetricDatum } from "@serverlesspresso/ports";
import { openStore, type Store } from "@serverlesspresso/store";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMetrics, createMetricsPort, type Metrics } from "./index.ts";
import { merge, type Statistics, single, statistic } from "./statistics.ts";

let folder: string;
let store: Store;
let clock: ManualClock;
let metrics: Metrics;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "metrics-"));
  clock = createManualClock();
  store = await openStore({
    folder,
    onFailure: (error) => {
      throw error;
    },
  });
  metrics = createMetrics({ clock, account: "123456789012" });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const drink = (value: number, atMs: number, name = "Latte"): MetricDatum => {
  return { namespace: "Serverlesspresso", metricName: "Drink", dimensions: { Drink: name }, value, unit: "Count", timestampMs: atMs };
};
const run = (operation: string, request: JsonObject): Promise<JsonObject> =>
  store.transact((tx) => metrics.execute(tx, operation, request));
const statistics = (more: JsonObject = {}): JsonObject =>
  metrics.query(store, "GetMetricStatistics", {
    Namespace: "Serverlesspresso",
    MetricName: "Drink",
    Dimensions: [{ Name: "Drink", Value: "Latte" }],
    StartTime: 0,
    EndTime: 7_200,
    Period: 3_600,
    Statistics: ["Sum", "SampleCount", "Average", "Minimum", "Maximum"],
    ...more,
  });

test("data are summed by period, for exactly these dimensions", async () => {
  const port = createMetricsPort(store, metrics);
  await port.putMetricData([drink(1, 60_000), drink(3, 120_000), drink(5, 3_700_000), drink(7, 60_000, "Espresso")]);
  expect(statistics()).toEqual({
    Label: "Drink",
    Datapoints: [
      { Timestamp: 0, Sum: 4, SampleCount: 2, Average: 2, Minimum: 1, Maximum: 3, Unit: "Count" },
      { Timestamp: 3_600, Sum: 5, SampleCount: 1, Average: 5, Minimum: 5, Maximum: 5, Unit: "Count" },
    ],
  });
  expect(statistics({ Dimensions: [] })).toMatchObject({ Datapoints: [] });
  expect(statistics({ StartTime: "1970-01-01T01:00:00Z", Period: 60, Statistics: ["Sum"] })).toMatchObject({
    Datapoints: [{ Timestamp: 3_660, Sum: 5 }],
  });
});

test("U1: an idempotency key counts once", async () => {
  const port = createMetricsPort(store, metrics);
  await Promise.all([1, 2, 3].map(() => port.putMetricData([drink(1, 0)], "event-1")));
  await port.putMetricData([drink(1, 0)], "event-2");
  await port.putMetricData([drink(1, 0)]);
  expect(statistics({ Statistics: ["Sum"] })).toMatchObject({ Datapoints: [{ Sum: 3 }] });
  await clock.advance(15 * 86_400_000);
  await port.putMetricData([drink(1, 0)], "event-3");
  await port.putMetricData([drink(1, 0)], "event-1");
  expect(statistics({ Statistics: ["Sum"] })).toMatchObject({ Datapoints: [{ Sum: 5 }] });
});

test("the AWS operations put, list and read", async () => {
  await run("PutMetricData", {
    Namespace: "N",
    MetricData: [
      { MetricName: "M", Value: 2, Timestamp: 60 },
      { MetricName: "M", Values: [1, 4], Counts: [2, 1], Timestamp: 60 },
      { MetricName: "M", StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 4, Maximum: 6 }, Timestamp: 180 },
    ],
  });
  const MetricStat = { Metric: { Namespace: "N", MetricName: "M" }, Period: 60, Stat: "Sum" };
  expect(metrics.query(store, "GetMetricData", { MetricDataQueries: [{ Id: "m", MetricStat }], StartTime: 0, EndTime: 600 })).toEqual({
    MetricDataResults: [{ Id: "m", Label: "M", Timestamps: [180, 60], Values: [10, 8], StatusCode: "Complete" }],
  });
  expect(metrics.query(store, "ListMetrics", { Namespace: "N" })).toEqual({
    Metrics: [{ Namespace: "N", MetricName: "M", Dimensions: [] }],
  });
  await expect(run("PutMetricData", { Namespace: "N", MetricData: [{ MetricName: "M" }] })).rejects.toMatchObject({
    code: "InvalidParameterValue",
  });
  expect(() => statistics({ Statistics: ["Median"] })).not.toThrow();
  await createMetricsPort(store, metrics).putMetricData([drink(1, 0)]);
  expect(() => statistics({ Statistics: ["Median"] })).toThrow("not supported");
});

test.each([1e13, 1e300, "never"])("an instant of %s is refused", (beyond) => {
  for (const name of ["StartTime", "EndTime"])
    expect(() => statistics({ [name]: beyond })).toThrow(expect.objectContaining({ code: "InvalidParameterValue" }));
});

test("dashboards are kept as they came", async () => {
  const body = JSON.stringify({ widgets: [] });
  await run("PutDashboard", { DashboardName: "Serverlesspresso_Metrics", DashboardBody: body });
  expect(metrics.query(store, "GetDashboard", { DashboardName: "Serverlesspresso_Metrics" })).toMatchObject({ DashboardBody: body });
  expect(metrics.query(store, "ListDashboards", {})).toMatchObject({
    DashboardEntries: [{ DashboardName: "Serverlesspresso_Metrics", Size: body.length }],
  });
  await expect(run("PutDashboard", { DashboardName: "x", DashboardBody: "no" })).rejects.toMatchObject({
    code: "DashboardInvalidInputError",
  });
  await run("DeleteDashboards", { DashboardNames: ["Serverlesspresso_Metrics"] });
  await expect(run("GetDashboard", { DashboardName: "Serverlesspresso_Metrics" })).rejects.toMatchObject({
    code: "DashboardNotFoundError",
  });
});

test("a value of -0 counts as 0", () => {
  expect(Object.is(statistic(single(-0), "Minimum"), 0)).toBe(true);
});

test("T1: merged statistics are those of all values, percentiles within about one percent", () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-6);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), fc.constantFrom(0, 10, 50, 90, 99, 100), (values, percent) => {
      const all = values.reduce<Statistics | undefined>((sum, one) => merge(sum, single(one)), undefined) as Statistics;
      const ordered = values.map((one) => one + 0).toSorted((a, b) => a - b);
      const exact = ordered[Math.max(1, Math.ceil((percent / 100) * values.length)) - 1] as number;
      expect(statistic(all, "SampleCount")).toBe(values.length);
      expect([statistic(all, "Minimum"), statistic(all, "Maximum")]).toEqual([ordered[0], ordered.at(-1)]);
      expect(Math.abs((statistic(all, `p${percent}`) as number) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.011);
    }),
  );
});
