/** The counts of a run, against what is known of it from elsewhere. */
import { blueprint } from "@serverlesspresso/blueprint";
import { matchesPattern, parsePattern } from "@serverlesspresso/event-patterns";
import type { JsonObject } from "@serverlesspresso/ports";
import { beforeAll, describe, expect, test } from "vitest";
import { billOf } from "../../platforms/aws/cost/bill.ts";
import { usageOf } from "../../platforms/aws/cost/billing.ts";
import { usualDeployment } from "../../platforms/aws/cost/deployment.ts";
import { priceNames, sum, type Usage } from "../../platforms/aws/cost/prices.ts";
import { averageCounts, type QuotaName, type Rate, ratesOf } from "../../platforms/aws/cost/rates.ts";
import { phoneLinks } from "./clients.ts";
import type { Counts } from "./counts.ts";
import { type JourneyName, journeyNames, usualMix } from "./journeys.ts";
import { type Measured, type Measurement, measure, recordDay } from "./measure.ts";
import { createMeter } from "./meter.ts";
import { writeUnits } from "./table-units.ts";

const screens = 2;
let run: Measurement;
beforeAll(async () => {
  run = await measure(screens);
});

/** How many events of an archive go to targets of this kind, by the rules' own patterns. */
function delivered({ events }: Measured, kind: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { type, detail } of events) {
    const envelope: JsonObject = { source: blueprint.bus.source, "detail-type": type, detail };
    for (const rule of blueprint.rules.filter(({ eventPattern }) => matchesPattern(parsePattern(JSON.stringify(eventPattern)), envelope))) {
      for (const target of rule.targets) if (target.kind === kind) found[target.name] = (found[target.name] ?? 0) + 1;
    }
  }
  return found;
}
function ofKind(counts: Counts, kind: string): Record<string, number> {
  const own = Object.entries(counts).filter(([key]) => key.startsWith(`${kind}/`));
  return Object.fromEntries(own.map(([key, amount]) => [key.slice(kind.length + 1), amount]));
}
function tally(names: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}
const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, amount) => sum + amount, 0);

describe.each(journeyNames)("%s", (name) => {
  test("the events counted at the bus are those of its archive", () => {
    expect(ofKind(run.journeys[name].counts, "events")).toEqual(tally(run.journeys[name].events.map(({ type }) => type)));
  });

  test("functions, queues and the log got what the rules' patterns say of the archive", () => {
    const { counts } = run.journeys[name];
    const invoked = ofKind(counts, "lambda");
    const byRules = delivered(run.journeys[name], "function");
    for (const fn of blueprint.rules.flatMap(({ targets }) => targets.filter(({ kind }) => kind === "function").map(({ name }) => name)))
      expect({ [fn]: invoked[fn] ?? 0 }).toEqual({ [fn]: byRules[fn] ?? 0 });
    expect(ofKind(counts, "sqs.send")).toEqual(delivered(run.journeys[name], "queue"));
    expect(total(ofKind(counts, "iot.publish"))).toBe((byRules.PublishAdmin ?? 0) + (byRules.PublishUser ?? 0));
    expect(ofKind(counts, "start")).toEqual(delivered(run.journeys[name], "workflow"));
    const logged = ofKind(counts, "logs.bytes")["/aws/events/serverlesspressoEventBus"] ?? 0;
    expect(logged).toBeGreaterThan(300 * run.journeys[name].events.length);
  });

  test("each state of the history is one transition, no task was tried twice", () => {
    const { counts, steps } = run.journeys[name];
    expect(counts["states/OrderProcessorWorkflow"]).toBe(steps.length);
    expect(steps.map(({ tries }) => tries)).toEqual(steps.map(() => 1));
  });

  test("what was counted has a price", () => {
    expect(total(usageOf(run.journeys[name].counts, usualDeployment) as Record<string, number>)).toBeGreaterThan(10);
  });
});

test("the requests of a whole order are the apps'", () => {
  expect(ofKind(run.journeys.completed.counts, "http")).toEqual({
    getConfig: 3,
    signInAsGuest: 1,
    getMyOrders: 2,
    spendToken: 1,
    actOnOrder: 3,
    // After the scan, the choice, the claim and the completion, and once by each screen.
    getOrder: 4 + screens,
  });
  expect(ofKind(run.journeys.completed.counts, "express")).toEqual({ OrderManagerStateMachine: 3 });
});

test("a whole order takes the states that its specification names, and no more", () => {
  const { steps } = run.journeys.completed;
  const named = ["DynamoDB Get Shop Status", "Shop Open?", "ListExecutions", "Is capacity available?", "Emit - Workflow Started TT"];
  const later = ["Generate Order Number", "Emit - Awaiting Completion TT", "Emit - order finished"];
  expect(steps.map(({ state }) => state)).toEqual([...named, ...later]);
});

test("a day at 1,000 guests stays below US$ 0.62 with the free tier, and uses every line of the price list but keys of our own", () => {
  const journeys = journeyNames.map((name) => ({ counts: run.journeys[name].counts, share: usualMix[name] }));
  const apps = { files: 23, bytes: 40_000, measured: false };
  const counted = { journeys, window: run.window, configChange: run.configChange };
  const bill = (withFree: boolean) => billOf(counted, 1_000, usualDeployment, apps, { withFree });
  expect(bill(true).usd).toBeLessThan(0.62);
  const { usd, lines } = bill(false);
  const users = lines.find(({ price }) => price === "cognito.activeUser")?.usd ?? 0;
  expect(usd - users).toBeLessThan(0.75);
  const used = lines.map(({ price }) => price);
  expect(priceNames.filter((name) => !used.includes(name))).toEqual(["kms.key"]);
});

test("a recorded day costs what its archive and its histories say, and its journeys one by one", async () => {
  const orders: JourneyName[] = ["completed", "completed", "completed", "cancelled", "customerTimedOut"];
  const day = await recordDay(screens, orders);
  const bar = { ...usualDeployment, screens };
  const recorded = usageOf(day.counts, bar);
  // From the archive and the histories alone, by the rules' patterns.
  const heard = (name: string): number => delivered(day, "function")[name] ?? 0;
  const fromArchive: Usage = {
    "events.custom": day.events.length,
    "sfn.transition": day.steps.length,
    "iot.message": heard("PublishAdmin") * (1 + 2 * screens) + heard("PublishUser") * 3 + orders.length * phoneLinks * 2,
  };
  expect(recorded).toMatchObject(fromArchive);
  const oneByOne = sum(...orders.map((name) => usageOf(run.journeys[name].counts, bar)));
  for (const price of priceNames) {
    const [day, expected] = [recorded[price] ?? 0, oneByOne[price] ?? 0];
    // Messages of the metrics queues come in batches on a busy day; numbers of more digits take a byte more.
    const least = price === "sqs.request" ? 0.4 : 0.85;
    expect([price, day <= expected * 1.01, day >= expected * least]).toEqual([price, true, true]);
  }
});

test("the rates of a day follow from the counts of an order", () => {
  const average = averageCounts([{ counts: run.journeys.completed.counts, share: 1 }]);
  const rates = ratesOf(average, 36_000, { ...usualDeployment, screens });
  const rateOf = (quota: QuotaName): Rate => rates.find((rate) => rate.quota === quota) as Rate;
  // 36,000 orders in ten hours are one a second.
  expect(rates.map(({ average, peak }) => [average, peak])).toEqual(rates.map(({ perOrder }) => [perOrder, 3 * perOrder]));
  expect(rateOf("sfn.transition")).toMatchObject({ perOrder: 8, ordersAtQuota: 625 });
  expect(rateOf("sfn.resume").perOrder).toBe(2);
  expect(rateOf("iot.perLink").perOrder).toBe(run.journeys.completed.events.length);
  const targets = ["function", "queue", "logGroup", "workflow"].map((kind) => total(delivered(run.journeys.completed, kind)));
  expect(rateOf("events.invoke").perOrder).toBe(targets.reduce((sum, count) => sum + count, 0));
  const heated = rates.filter(({ quota }) => quota === "dynamodb.partitionWrite").map(({ where }) => where);
  expect(heated).toEqual(expect.arrayContaining(["order-table orders", "order-table/by-state", "validator-table (number)"]));
});

describe("request units of tables", () => {
  const orders = blueprint.tables.find(({ name }) => name === blueprint.names.orderTable);
  const order = (state: string, note = "") => ({
    PK: { S: "orders" },
    SK: { S: "1" },
    ORDERSTATE: { S: state },
    createdMs: { N: "1" },
    USERID: { S: "ada" },
    note: { S: note },
  });
  test.each([
    { name: "a new item: itself and each index", before: undefined, after: order("CREATED"), units: 3 },
    { name: "an index whose key changes takes two", before: order("CREATED"), after: order("MAKING"), units: 4 },
    { name: "an attribute alone", before: order("CREATED"), after: order("CREATED", "hot"), units: 3 },
    { name: "nothing changed", before: order("CREATED"), after: order("CREATED"), units: 1 },
    { name: "gone", before: order("CREATED"), after: undefined, units: 3 },
    { name: "an attribute that no index holds", before: order("CREATED"), after: { ...order("CREATED"), pending: { S: "x" } }, units: 1 },
    { name: "two KB", before: undefined, after: order("CREATED", "x".repeat(1_500)), units: 6 },
    {
      name: "a token counts as long as AWS's, in the table alone",
      before: undefined,
      after: { ...order("CREATED", "x".repeat(300)), TaskToken: { S: "t" } },
      units: 4,
    },
  ])("$name", ({ before, after, units }) => {
    const { own, indexes } = writeUnits(orders as never, before, after);
    expect(own + indexes.reduce((sum, each) => sum + each, 0)).toBe(units);
  });
});

test("an engine, a table or an operation that nobody counts is refused (N1)", () => {
  const { observe } = createMeter();
  expect(() => observe("roaster", {})).toThrow(/"roaster" is not counted/);
  const tables = observe("tables", { execute: () => ({}), query: () => ({}) }) as unknown as {
    execute(tx: unknown, operation: string, request: unknown): unknown;
  };
  expect(() => tables.execute({}, "BatchWriteItem", {})).toThrow(/BatchWriteItem of tables is not counted/);
  expect(() => tables.execute({}, "PutItem", { TableName: "beans", Item: {} })).toThrow(/table "beans"/);
});
