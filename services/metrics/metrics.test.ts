import { names } from "@serverlesspresso/contract";
import type { JsonObject, JsonValue, QueueRecord } from "@serverlesspresso/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bar, openBar } from "../test-support/bar.ts";
import { stepsIn } from "../test-support/guest-steps.ts";

let bar: Bar;
beforeEach(async () => {
  bar = await openBar();
});
afterEach(async () => {
  expect(bar.errors).toEqual([]);
  await bar.close();
});

const records = (bodies: readonly string[]): QueueRecord[] => bodies.map((body, at) => ({ messageId: `m${at}`, body }));
const event = (id: string, time: string, type: string, detail: JsonObject): string =>
  JSON.stringify({ id, time, "detail-type": type, source: names.eventSource, detail });
const waiting = (id: string, time: string, drink: string): string =>
  event(id, time, "OrderManager.WaitingCompletion", { orderId: id, drinkOrder: { drink, modifiers: [] } });
async function counts(): Promise<JsonObject> {
  const { items } = await bar.tables.query({
    tableName: names.metricsTable,
    keyConditionExpression: "PK = :pk",
    values: { ":pk": "Aggregate" },
  });
  return Object.fromEntries(items.map(({ SK, val }) => [SK as string, val as number]));
}
const count = (bodies: readonly string[]) => bar.invoke("MetricsDynamoDB", { Records: records(bodies) } as unknown as JsonValue);

test("drinks and ends are counted once each, on the event's own date in the shop's time zone", async () => {
  await bar.call(bar.barista, "PUT /config", { body: { timeZone: "America/Sao_Paulo" } });
  const batch = [
    waiting("a", "2026-01-02T02:59:00Z", "Latte"),
    waiting("b", "2026-01-02T03:00:00Z", "Latte"),
    waiting("b", "2026-01-02T03:00:00Z", "Latte"),
    event("c", "2026-01-02T12:00:00Z", "OrderManager.OrderCompleted", { orderId: "a" }),
    event("d", "2026-01-02T12:00:00Z", "OrderProcessor.OrderTimeOut", { orderId: "b" }),
    event("e", "2026-01-02T12:00:00Z", "OrderManager.OrderCancelled", { orderId: "e" }),
  ];
  const expected = {
    "2026-01-01#Latte": 1,
    "2026-01-01#TotalSales": 1,
    "2026-01-02#Cancelled": 1,
    "2026-01-02#Completed": 1,
    "2026-01-02#Latte": 1,
    "2026-01-02#TimedOut": 1,
    "2026-01-02#TotalSales": 1,
  };
  expect(await count(batch)).toEqual({ batchItemFailures: [] });
  expect(await counts()).toEqual(expected);
  // The same again, with one that is new among them.
  await count([...batch, waiting("f", "2026-01-02T12:00:00Z", "Espresso")]);
  expect(await counts()).toEqual({ ...expected, "2026-01-02#Espresso": 1, "2026-01-02#TotalSales": 2 });
});

test("batches at once count each event once", async () => {
  const bodies = Array.from({ length: 10 }, (_, at) => waiting(`e${at}`, "2026-01-01T12:00:00Z", "Latte"));
  await Promise.all([count(bodies), count(bodies.slice(3)), count(bodies.slice(0, 6))]);
  expect(await counts()).toMatchObject({ "2026-01-01#Latte": 10, "2026-01-01#TotalSales": 10 });
});

test("an order that is told of again under another id is sold once (P5)", async () => {
  const told = (id: string, orderNumber: number): string =>
    event(id, "2026-01-01T12:00:00Z", "OrderManager.WaitingCompletion", {
      orderId: "o",
      orderNumber,
      drinkOrder: { drink: "Latte", modifiers: [] },
    });
  await count([told("a", 1), told("b", 1)]);
  await count([told("c", 1)]);
  expect(await counts()).toEqual({ "2026-01-01#Latte": 1, "2026-01-01#TotalSales": 1 });
  // Its execution was started by hand a second time.
  await count([told("d", 2)]);
  expect(await counts()).toEqual({ "2026-01-01#Latte": 2, "2026-01-01#TotalSales": 2 });
  const Records = records([told("e", 3), told("f", 3)]);
  await bar.invoke("MetricsCloudwatch", { Records } as unknown as JsonValue);
  expect(bar.metrics).toHaveLength(2);
});

test("what is no event goes back alone", async () => {
  const bad = ["", "[]", "null", "{}", '{"id":"x","time":"never"}'];
  const answer = { batchItemFailures: bad.map((_, at) => ({ itemIdentifier: `m${at}` })) };
  expect(await count([...bad, waiting("a", "2026-01-01T12:00:00Z", "Latte")])).toEqual(answer);
  expect(await counts()).toMatchObject({ "2026-01-01#Latte": 1 });
});

test("an order written by hand counts under what it says", async () => {
  const detail = { drinkOrder: '{"drink":"Cappuccino"}' };
  await count([
    event("a", "2026-01-01T12:00:00Z", "OrderManager.WaitingCompletion", detail),
    event("b", "2026-01-01T12:00:00Z", "OrderManager.WaitingCompletion", {}),
  ]);
  expect(await counts()).toMatchObject({ "2026-01-01#Cappuccino": 1, "2026-01-01#Unknown": 1, "2026-01-01#TotalSales": 2 });
});

test("the load test: 500 events through rules and queues into table and metrics", async () => {
  await bar.invoke("EventsLoadTest", {});
  await bar.settle();
  const queue = bar.queued.get("MetricsQueue") ?? [];
  expect(queue).toHaveLength(500);
  for (let at = 0; at < queue.length; at += 10) await count(queue.slice(at, at + 10));
  const counted = await counts();
  expect(counted["2026-01-01#TotalSales"]).toBe(500);
  const drinks = ["Latte", "Cappuccino", "Espresso"].map((drink) => counted[`2026-01-01#${drink}`] as number);
  expect(drinks.reduce((a, b) => a + b)).toBe(500);
  expect(Math.min(...drinks)).toBeGreaterThan(100);
  const Records = records((bar.queued.get("MetricsQueue-Cloudwatch") ?? []).slice(0, 10));
  expect(await bar.invoke("MetricsCloudwatch", { Records } as unknown as JsonValue)).toEqual({ batchItemFailures: [] });
  expect(bar.metrics).toHaveLength(20);
  expect(bar.metrics[1]).toMatchObject({
    namespace: "Serverlesspresso",
    metricName: "Drink",
    dimensions: { Drink: "Total Orders" },
    value: 1,
  });
});

test("a day's counts are those of its events", async () => {
  const steps = stepsIn(bar);
  const done = await steps.order(bar.guest("a"));
  await steps.act(bar.barista, done, "complete");
  const cancelled = await steps.order(bar.guest("b"));
  await steps.act(bar.barista, cancelled, "cancel");
  await steps.scan(bar.guest("c"));
  await bar.clock.advance(300_000);
  await count(bar.queued.get("MetricsQueue") ?? []);
  expect(await counts()).toEqual({
    "2026-01-01#Cancelled": 1,
    "2026-01-01#Completed": 1,
    "2026-01-01#Latte": 2,
    "2026-01-01#TimedOut": 1,
    "2026-01-01#TotalSales": 2,
  });
});
