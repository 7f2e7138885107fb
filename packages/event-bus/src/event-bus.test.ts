import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import { parsePattern } from "@serverlesspresso/event-patterns";
import { createFeed } from "@serverlesspresso/feed";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { keyOf, openStore, rangeOf, type Store } from "@serverlesspresso/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BusEventEntry, DeliveryEntry } from "./bus-feed.ts";
import { createEventBus, createEventsPort, type DeadLetterMessage, type EventBus, type EventBusOptions, type Target } from "./index.ts";

let folder: string;
let store: Store;
let clock: ManualClock;
let bus: EventBus;
let calls: { target: string; input: JsonValue }[];
let failing: (target: Target, input: JsonValue) => Error | undefined;
let dead: { arn: string; message: DeadLetterMessage }[];
let errors: unknown[];

const account = "123456789012";
const region = "us-east-1";
const lambda = (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`;
const sqs = (name: string): string => `arn:aws:sqs:${region}:${account}:${name}`;

function createBus(options: Partial<EventBusOptions> = {}): EventBus {
  return createEventBus({
    store,
    clock,
    ids: createIds(clock),
    account,
    region,
    targets: {
      lambda: {
        kind: "external",
        async deliver(target, input) {
          const error = failing(target, input);
          if (error !== undefined) throw error;
          calls.push({ target: target.Id, input });
        },
      },
      sqs: {
        kind: "transactional",
        deliver(tx, target, input, envelope) {
          tx.put(keyOf("test", target.Id, envelope.id), input);
          const error = failing(target, input);
          if (error !== undefined) throw error;
        },
      },
    },
    deadLetter: (_tx, arn, message) => void dead.push({ arn, message }),
    onError: (error) => void errors.push(error),
    ...options,
  });
}

/** Waits until pending work is done: flushes, and what follows from them. */
async function quiet(): Promise<void> {
  for (let n = 0; n < 8; n++) {
    await store.flush();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Advances the clock in steps and waits after each until its work is done. */
async function pass(ms: number, stepMs = ms): Promise<void> {
  for (let goneMs = 0; goneMs < ms; goneMs += stepMs) {
    await clock.advance(stepMs);
    await quiet();
  }
  await clock.advance(0);
  await quiet();
}

async function reopen(): Promise<void> {
  await bus.stop();
  await store.close();
  await open();
}

async function open(): Promise<void> {
  store = await openStore({
    folder,
    onFailure: (error) => {
      throw error;
    },
  });
  bus = createBus();
}

const put = (detail: JsonObject, more: JsonObject = {}): Promise<JsonObject> =>
  store.transact((tx) =>
    bus.putEvents(tx, { Entries: [{ Source: "shop", DetailType: "Order", Detail: JSON.stringify(detail), ...more }] }),
  );

const rule = (name: string, targets: readonly Target[], eventPattern: JsonObject = { source: ["shop"] }): Promise<unknown> =>
  store.transact((tx) => bus.putRule(tx, { name, eventPattern, targets }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "event-bus-"));
  clock = createManualClock();
  calls = [];
  dead = [];
  errors = [];
  failing = () => undefined;
  await open();
});
afterEach(async () => {
  await bus.stop();
  await store.close();
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

describe("PutEvents", () => {
  test("answers ids and refuses single entries in AWS's words", async () => {
    const Entries = [
      { Source: "shop", DetailType: "Order", Detail: "{}" },
      { DetailType: "Order", Detail: "{}" },
      { Source: "shop", DetailType: "Order", Detail: "no json" },
      { Source: "shop", DetailType: "Order", Detail: "[1]" },
      { Source: "aws.x", DetailType: "Order", Detail: "{}" },
      { Source: "shop", DetailType: "Order", Detail: "{}", EventBusName: "nowhere" },
    ];
    const answer = await store.transact((tx) => bus.putEvents(tx, { Entries }));
    expect(answer).toMatchObject({
      FailedEntryCount: 5,
      Entries: [
        { EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        { ErrorCode: "InvalidArgument", ErrorMessage: "Parameter Source is not valid. Reason: Source is a required argument." },
        { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." },
        { ErrorCode: "MalformedDetail" },
        { ErrorCode: "NotAuthorizedForSourceException" },
        { ErrorCode: "ResourceNotFoundException" },
      ],
    });
  });

  test.each([
    { name: "no entry", Entries: [] },
    { name: "eleven entries", Entries: Array.from({ length: 11 }, () => ({ Source: "s", DetailType: "t", Detail: "{}" })) },
    { name: "more than 262,144 bytes", Entries: [{ Source: "s", DetailType: "t", Detail: JSON.stringify({ long: "é".repeat(131_072) }) }] },
  ])("refuses the whole request: $name", async ({ Entries }) => {
    await expect(store.transact((tx) => bus.putEvents(tx, { Entries }))).rejects.toMatchObject({ code: "ValidationException" });
    expect(bus.listEvents(store).events).toEqual([]);
  });

  test("B1, B2: an event is archived once, in order, with AWS's envelope", async () => {
    await put({ n: 1 }, { Resources: ["arn:x"], Time: 1_700_000_000 });
    await put({ n: 2 });
    const { events } = bus.listEvents(store);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(events[0]?.envelope).toEqual({
      version: "0",
      id: expect.any(String),
      "detail-type": "Order",
      source: "shop",
      account,
      time: "2023-11-14T22:13:20Z",
      region,
      resources: ["arn:x"],
      detail: { n: 1 },
    });
    await reopen();
    await put({ n: 3 });
    expect(bus.listEvents(store, { isReverse: true, limit: 1 })).toMatchObject({ events: [{ sequence: 3 }], nextSequence: 2 });
    const pattern = parsePattern({ detail: { n: [2] } });
    expect(bus.listEvents(store, { pattern }).events).toMatchObject([{ sequence: 2 }]);
  });

  test("Z1: events past their retention are forgotten, the newest never", async () => {
    await bus.stop();
    bus = createBus({ archiveRetentionDays: 2 });
    for (let n = 0; n < 3; n++) await put({ n });
    bus.start();
    await pass(86_400_000, 3_600_000);
    await put({ n: 3 });
    await pass(86_400_000 + 3_600_000, 3_600_000);
    expect(bus.listEvents(store).events.map(({ sequence }) => sequence)).toEqual([4]);
    await pass(3 * 86_400_000, 3_600_000);
    expect(bus.listEvents(store).events).toHaveLength(1);
    await reopen();
    await put({ n: 4 });
    expect(bus.listEvents(store, { isReverse: true, limit: 1 }).events).toMatchObject([{ sequence: 5 }]);
  });

  test("what is nested too deep to be written again is refused", async () => {
    const deep = (levels: number): JsonObject => ({
      Source: "shop",
      DetailType: "Order",
      Detail: '{"a":'.repeat(levels) + "1" + "}".repeat(levels),
    });
    const answer = await store.transact((tx) => bus.putEvents(tx, { Entries: [deep(999), deep(1_001), deep(20_000)] }));
    expect(answer).toMatchObject({
      FailedEntryCount: 2,
      Entries: [{}, { ErrorCode: "MalformedDetail" }, { ErrorCode: "MalformedDetail" }],
    });
  });

  test("the port puts more than ten entries at once, or none", async () => {
    const port = createEventsPort(store, bus, "default");
    const entries = Array.from({ length: 25 }, (_, n) => ({ source: "shop", detailType: "Order", detail: { n } }));
    expect((await port.putEvents(entries)).eventIds).toHaveLength(25);
    await expect(port.putEvents([...entries, { source: "", detailType: "Order", detail: {} }])).rejects.toThrow(
      "Source is a required argument",
    );
    expect(bus.listEvents(store).events).toHaveLength(25);
  });
});

describe("delivery", () => {
  test("V1: a transactional target's effect is in the commit of the event, and no record is left", async () => {
    await rule("r", [{ Id: "q", Arn: sqs("q") }]);
    bus.start();
    await put({ n: 1 });
    expect(store.scan(rangeOf("test"))).toHaveLength(1);
    expect(bus.pendingDeliveries(store)).toBe(0);
  });

  test("V2: what responds while others are removed is removed with them", async () => {
    await bus.stop();
    let transactions = 0;
    const counted: Store = {
      ...store,
      transact: (fn) => {
        transactions += 1;
        return store.transact(fn);
      },
    };
    bus = createBus({ store: counted });
    await rule("all", [
      { Id: "a", Arn: lambda("A") },
      { Id: "b", Arn: lambda("B") },
    ]);
    bus.start();
    await Promise.all(Array.from({ length: 100 }, (_, n) => put({ n })));
    await pass(0);
    expect(calls).toHaveLength(200);
    expect(bus.pendingDeliveries(store)).toBe(0);
    expect(transactions).toBeLessThan(20);
  });

  test("V2: a record that cannot be changed keeps no other", async () => {
    await bus.stop();
    bus = createBus({
      feed: {
        events: { isWatched: () => false, tell: () => {} },
        deliveries: {
          isWatched: () => true,
          tell(_, make) {
            if (make().targetId === "bad") throw new Error("not this one");
          },
        },
      },
    });
    await rule("all", [
      { Id: "a", Arn: lambda("A") },
      { Id: "bad", Arn: lambda("B") },
      { Id: "c", Arn: lambda("C") },
    ]);
    bus.start();
    await Promise.all([1, 2, 3].map((n) => put({ n })));
    await pass(0);
    expect(errors.splice(0)).toEqual([1, 2, 3].map(() => new Error("not this one")));
    expect(bus.pendingDeliveries(store)).toBe(3);
  });

  test("V2: an external target gets the event after the commit", async () => {
    await rule("r", [{ Id: "f", Arn: lambda("f"), InputPath: "$.detail" }]);
    bus.start();
    await put({ n: 1 });
    await pass(0);
    expect(calls).toEqual([{ target: "f", input: { n: 1 } }]);
    expect(bus.pendingDeliveries(store)).toBe(0);
  });

  test("V4: what was not delivered before the process ended is delivered by the next", async () => {
    await rule("r", [
      { Id: "f", Arn: lambda("f") },
      { Id: "q", Arn: sqs("q") },
    ]);
    await put({ n: 1 });
    expect(bus.pendingDeliveries(store)).toBe(2);
    await reopen();
    bus.start();
    await pass(0);
    expect(calls).toHaveLength(1);
    expect(store.scan(rangeOf("test"))).toHaveLength(1);
    expect(bus.pendingDeliveries(store)).toBe(0);
  });

  test("V3: a failure is repeated later and later, across restarts, while other targets go on", async () => {
    await rule("r", [
      { Id: "bad", Arn: lambda("bad") },
      { Id: "good", Arn: lambda("good") },
      { Id: "badq", Arn: sqs("badq") },
    ]);
    let attempts = 0;
    failing = ({ Id }) => (Id.startsWith("bad") ? new Error(`attempt ${++attempts}`) : undefined);
    bus.start();
    await put({ n: 1 });
    await pass(0);
    expect(calls.map(({ target }) => target)).toEqual(["good"]);
    expect(store.scan(rangeOf("test"))).toEqual([]);
    await pass(10_000, 500);
    expect(attempts).toBeGreaterThanOrEqual(6);
    await reopen();
    bus.start();
    failing = () => undefined;
    await pass(480_000);
    expect(calls.map(({ target }) => target)).toEqual(["good", "bad"]);
    expect(store.scan(rangeOf("test"))).toHaveLength(1);
    expect(bus.pendingDeliveries(store)).toBe(0);
  });

  test("V3: what is given up goes to the dead-letter queue with AWS's attributes", async () => {
    const retry = { RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 }, DeadLetterConfig: { Arn: sqs("dlq") } };
    await rule("r", [
      { Id: "f", Arn: lambda("f"), ...retry },
      { Id: "q", Arn: sqs("q"), ...retry },
    ]);
    failing = () => Object.assign(new Error("broken"), { name: "Broken" });
    bus.start();
    await put({ n: 1 });
    await pass(60_000, 1000);
    expect(dead.map(({ arn }) => arn)).toEqual([sqs("dlq"), sqs("dlq")]);
    expect(dead.map(({ message }) => message.attributes.TARGET_ARN).sort()).toEqual([lambda("f"), sqs("q")]);
    expect(dead[0]?.message.attributes).toMatchObject({
      RULE_ARN: `arn:aws:events:${region}:${account}:rule/r`,
      ERROR_CODE: "Broken",
      ERROR_MESSAGE: "broken",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "2",
    });
    expect(JSON.parse(dead[0]?.message.body ?? "")).toMatchObject({ detail: { n: 1 } });
    expect(bus.pendingDeliveries(store)).toBe(0);
  });

  test("V3: a queue that cannot take it loses nothing", async () => {
    await bus.stop();
    const deadLetter = (): never => {
      throw new Error("no such queue");
    };
    bus = createBus({ deadLetter });
    await rule("r", [{ Id: "q", Arn: sqs("q"), RetryPolicy: { MaximumRetryAttempts: 0 }, DeadLetterConfig: { Arn: sqs("dlq") } }]);
    failing = () => new Error("broken");
    bus.start();
    await put({ n: 1 });
    expect(bus.deadDeliveries(store)).toMatchObject([{ targetId: "q", errorMessage: "broken" }]);
    expect(errors.splice(0)).toMatchObject([{ message: "no such queue" }]);
  });

  test("a dead letter's event can be sent again", async () => {
    const targets = [{ Id: "f", Arn: lambda("f"), RetryPolicy: { MaximumRetryAttempts: 0 }, DeadLetterConfig: { Arn: sqs("dlq") } }];
    await store.transact((tx) => bus.putRule(tx, { busName: "Shop", name: "r", eventPattern: { source: ["shop"] }, targets }));
    failing = () => new Error("broken");
    bus.start();
    await put({ n: 1 }, { EventBusName: "Shop" });
    await pass(0);
    const [letter] = dead.splice(0);
    failing = () => undefined;
    await store.transact((tx) => letter !== undefined && bus.sendAgain(tx, letter.message.attributes));
    await pass(0);
    expect(calls).toMatchObject([{ target: "f", input: { detail: { n: 1 } } }]);
    const gone = { ...letter?.message.attributes, TARGET_ARN: lambda("g") } as DeadLetterMessage["attributes"];
    await expect(store.transact((tx) => bus.sendAgain(tx, gone))).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  });

  test("what no repetition mends is given up at once", async () => {
    const targets = [
      { Id: "none", Arn: `arn:aws:kinesis:${region}:${account}:stream/s` },
      { Id: "never", Arn: lambda("never") },
      { Id: "later", Arn: lambda("later") },
    ];
    await rule("r", targets);
    const name = "ResourceNotFoundException";
    failing = ({ Id }) => Object.assign(new Error("no such function"), Id === "never" ? { name, code: name } : { name });
    bus.start();
    await put({ n: 1 });
    await pass(0);
    expect(bus.deadDeliveries(store).map(({ targetId, condition }) => [targetId, condition])).toEqual([
      ["never", "NonRetryable"],
      ["none", "NonRetryable"],
    ]);
    expect(bus.pendingDeliveries(store)).toBe(1);
  });

  test("V3: without a queue it is kept, and can be sent again", async () => {
    await rule("r", [{ Id: "f", Arn: lambda("f"), RetryPolicy: { MaximumRetryAttempts: 0 } }]);
    failing = () => new Error("broken");
    bus.start();
    await put({ n: 1 });
    await pass(0);
    const [letter] = bus.deadDeliveries(store);
    expect(letter).toMatchObject({ ruleName: "r", targetId: "f", errorMessage: "broken", condition: "MaximumRetryAttempts" });
    failing = () => undefined;
    const address = {
      RULE_ARN: `arn:aws:events:${region}:${account}:rule/r`,
      TARGET_ARN: lambda("f"),
      EVENT_SEQUENCE: String(letter?.sequence),
    };
    await store.transact((tx) => bus.sendAgain(tx, address));
    await pass(0);
    expect(calls).toHaveLength(1);
    expect(bus.deadDeliveries(store)).toEqual([]);
  });

  test("an event older than its target allows is given up", async () => {
    await rule("r", [{ Id: "f", Arn: lambda("f"), RetryPolicy: { MaximumEventAgeInSeconds: 60 } }]);
    failing = () => new Error("broken");
    bus.start();
    await put({ n: 1 });
    await pass(120_000, 1000);
    expect(bus.deadDeliveries(store)).toMatchObject([{ condition: "MaximumEventAgeInSeconds" }]);
  });

  test("V5: rules that feed each other do not hold a transaction for ever", async () => {
    await bus.stop();
    let count = 0;
    bus = createBus({
      targets: {
        sqs: {
          kind: "transactional",
          deliver(tx) {
            if (++count < 1000) bus.putEvents(tx, { Entries: [{ Source: "shop", DetailType: "Order", Detail: "{}" }] });
          },
        },
      },
    });
    await rule("loop", [{ Id: "q", Arn: sqs("q") }]);
    bus.start();
    await put({});
    expect(count).toBeLessThan(300);
    for (let n = 0; n < 200 && count < 1000; n++) await pass(0);
    expect(count).toBe(1000);
    expect(bus.pendingDeliveries(store)).toBe(0);
  });

  test("N1: a lane works on no more than its share at once, and a hanging target holds up no other", async () => {
    await bus.stop();
    let open = 0;
    let most = 0;
    let release = (): void => {};
    const hang = new Promise<void>((resolve) => (release = resolve));
    bus = createBus({
      concurrency: 3,
      targets: {
        lambda: {
          kind: "external",
          async deliver({ Id }) {
            if (Id === "fast") return void calls.push({ target: Id, input: null });
            most = Math.max(most, ++open);
            await hang;
            open--;
          },
        },
      },
    });
    await rule("r", [
      { Id: "slow", Arn: lambda("slow") },
      { Id: "fast", Arn: lambda("fast") },
    ]);
    bus.start();
    for (let n = 0; n < 10; n++) await put({ n });
    await pass(0);
    expect([most, calls.length]).toEqual([3, 10]);
    release();
    await pass(0);
    expect(bus.pendingDeliveries(store)).toBe(0);
  });

  test("another bus is a target like any other", async () => {
    await store.transact((tx) => {
      bus.putRule(tx, {
        busName: "other",
        name: "all",
        eventPattern: { source: ["shop"] },
        targets: [{ Id: "f", Arn: lambda("f"), InputPath: "$.id" }],
      });
      bus.putRule(tx, {
        name: "r",
        eventPattern: { source: ["shop"] },
        targets: [{ Id: "b", Arn: `arn:aws:events:${region}:${account}:event-bus/other` }],
      });
    });
    bus.start();
    const answer = await put({ n: 1 });
    await pass(0);
    expect(calls).toEqual([{ target: "f", input: (answer.Entries as JsonObject[])[0]?.EventId }]);
  });
});

describe("rules", () => {
  test("R1: a rule works from its transaction on, and a failed transaction leaves none", async () => {
    bus.start();
    const targets = [{ Id: "q", Arn: sqs("q") }];
    await store.transact((tx) => {
      bus.putRule(tx, { name: "r", eventPattern: { source: ["shop"] }, targets });
      bus.putEvents(tx, { Entries: [{ Source: "shop", DetailType: "Order", Detail: {} }] });
    });
    expect(store.scan(rangeOf("test"))).toHaveLength(1);
    const failed = store.transact((tx) => {
      bus.execute(tx, "DisableRule", { Name: "r" });
      bus.putEvents(tx, { Entries: [{ Source: "shop", DetailType: "Order", Detail: {} }] });
      throw new Error("undone");
    });
    await expect(failed).rejects.toThrow("undone");
    await put({});
    expect(store.scan(rangeOf("test"))).toHaveLength(2);
  });

  test("a disabled rule matches nothing until it is enabled", async () => {
    await rule("r", [{ Id: "q", Arn: sqs("q") }]);
    bus.start();
    await store.transact((tx) => bus.execute(tx, "DisableRule", { Name: "r" }));
    await put({});
    await store.transact((tx) => bus.execute(tx, "EnableRule", { Name: "r" }));
    await put({});
    expect(store.scan(rangeOf("test"))).toHaveLength(1);
  });

  test("have no / in their names, which partners' buses alone have", async () => {
    const made = store.transact((tx) => bus.execute(tx, "CreateEventBus", { Name: "shop/floor" }));
    await expect(made).rejects.toMatchObject({ code: "ValidationException", message: "Event bus name must not contain '/'." });
  });
  test("are made, described, listed and deleted as on AWS", async () => {
    await store.transact((tx) => {
      bus.execute(tx, "CreateEventBus", { Name: "Shop" });
      const pattern = { Name: "r", EventBusName: "Shop", EventPattern: '{"source":["shop"]}' };
      expect(bus.execute(tx, "PutRule", pattern)).toEqual({ RuleArn: `arn:aws:events:${region}:${account}:rule/Shop/r` });
      expect(bus.execute(tx, "PutTargets", { Rule: "r", EventBusName: "Shop", Targets: [{ Id: "f", Arn: lambda("f") }] })).toEqual({
        FailedEntryCount: 0,
        FailedEntries: [],
      });
      expect(() => bus.execute(tx, "DeleteRule", { Name: "r", EventBusName: "Shop" })).toThrow(
        "Rule can't be deleted since it has targets.",
      );
    });
    const where = { EventBusName: "Shop" };
    expect(bus.query(store, "ListEventBuses", {})).toMatchObject({ EventBuses: [{ Name: "default" }, { Name: "Shop" }] });
    expect(bus.query(store, "ListRules", where)).toMatchObject({ Rules: [{ Name: "r", State: "ENABLED", EventBusName: "Shop" }] });
    expect(bus.query(store, "DescribeRule", { Name: "r", ...where })).toMatchObject({ EventPattern: '{"source":["shop"]}' });
    expect(bus.query(store, "ListTargetsByRule", { Rule: "r", ...where })).toEqual({ Targets: [{ Id: "f", Arn: lambda("f") }] });
    expect(bus.query(store, "ListRuleNamesByTarget", { TargetArn: lambda("f"), ...where })).toEqual({ RuleNames: ["r"] });
    expect(() => bus.query(store, "DescribeRule", { Name: "x", ...where })).toThrow("Rule x does not exist on EventBus Shop.");
    expect(() => bus.query(store, "PutRule", {})).toThrow("not supported");
    await store.transact((tx) => {
      bus.execute(tx, "RemoveTargets", { Rule: "r", Ids: ["f"], ...where });
      bus.execute(tx, "DeleteRule", { Name: "r", ...where });
      bus.execute(tx, "DeleteEventBus", { Name: "Shop" });
    });
    expect(() => bus.query(store, "ListRules", where)).toThrow("Event bus Shop does not exist.");
  });

  test("a pattern AWS refuses is refused, and nothing is stored", async () => {
    const bad = store.transact((tx) => bus.execute(tx, "PutRule", { Name: "r", EventPattern: '{"source": "shop"}' }));
    await expect(bad).rejects.toMatchObject({
      code: "InvalidEventPatternException",
      message:
        'Event pattern is not valid. Reason: "source" must be an object or an array\n at [Source: (String)"{"source": "shop"}"; line: 1, column: 13]',
    });
    expect(bus.query(store, "ListRules", {})).toEqual({ Rules: [] });
  });
});

describe("schedules", () => {
  test("C1: a rate fires on time, once after an outage, and not when it was changed", async () => {
    await store.transact((tx) =>
      bus.putRule(tx, { name: "tick", scheduleExpression: "rate(5 minutes)", targets: [{ Id: "f", Arn: lambda("f") }] }),
    );
    bus.start();
    await pass(299_000);
    expect(calls).toEqual([]);
    await pass(1_000);
    expect(calls).toMatchObject([{ target: "f", input: { source: "aws.events", "detail-type": "Scheduled Event", detail: {} } }]);
    await bus.stop();
    await pass(3_600_000);
    await reopen();
    bus.start();
    await pass(0);
    expect(calls).toHaveLength(2);
    await store.transact((tx) => bus.putRule(tx, { name: "tick", scheduleExpression: "rate(1 hour)", targets: [] }));
    await pass(300_000);
    expect(calls).toHaveLength(2);
  });
});

describe("replay", () => {
  test("Y1: puts archived events to the rules again, marked, without archiving them again, and goes on after a restart", async () => {
    for (let n = 0; n < 250; n++) await put({ n });
    await rule("r", [{ Id: "q", Arn: sqs("q") }], { source: ["shop"], detail: { n: [{ numeric: ["<", 200] }] } });
    await store.transact((tx) => {
      bus.execute(tx, "CreateArchive", { ArchiveName: "all", EventSourceArn: `arn:aws:events:${region}:${account}:event-bus/default` });
      bus.execute(tx, "StartReplay", {
        ReplayName: "again",
        EventSourceArn: `arn:aws:events:${region}:${account}:archive/all`,
        EventStartTime: 0,
        EventEndTime: clock.nowMs() / 1000 + 1,
        Destination: { Arn: `arn:aws:events:${region}:${account}:event-bus/default` },
      });
    });
    expect(bus.query(store, "DescribeReplay", { ReplayName: "again" })).toMatchObject({ State: "RUNNING" });
    await reopen();
    bus.start();
    for (let n = 0; n < 5; n++) await pass(0);
    expect(bus.query(store, "DescribeReplay", { ReplayName: "again" })).toMatchObject({ State: "COMPLETED" });
    const inputs = store.scan<JsonObject>(rangeOf("test"));
    expect(inputs).toHaveLength(200);
    expect(inputs[0]?.[1]).toMatchObject({ "replay-name": "again" });
    expect(bus.listEvents(store, { limit: 1000 }).events).toHaveLength(250);
  });

  test.each(["EventStartTime", "EventEndTime"])("an %s that is no instant is refused", async (name) => {
    const request = { ReplayName: "r", EventSourceArn: "a", EventStartTime: 0, EventEndTime: 1, Destination: { Arn: "a" } };
    for (const beyond of [1e13, 1e300, "never"]) {
      const started = store.transact((tx) => bus.execute(tx, "StartReplay", { ...request, [name]: beyond }));
      await expect(started).rejects.toMatchObject({
        code: "ValidationException",
        message: expect.stringMatching(new RegExp(`at '${name}'`, "i")),
      });
    }
  });

  test("Y2: with a speed, events keep their distances", async () => {
    await put({ n: 1 });
    await pass(100_000);
    await put({ n: 2 });
    await rule("r", [{ Id: "f", Arn: lambda("f"), InputPath: "$.detail.n" }]);
    bus.start();
    await store.transact((tx) => bus.startReplay(tx, { name: "slow", busName: "default", fromMs: 0, toMs: clock.nowMs() + 1, speed: 10 }));
    await pass(9_000);
    expect(calls.map(({ input }) => input)).toEqual([1]);
    await pass(1_000);
    expect(calls.map(({ input }) => input)).toEqual([1, 2]);
  });
});

test("a watcher sees each event, and each attempt to deliver it with what came of it", async () => {
  const feed = createFeed<{ event: BusEventEntry; delivery: DeliveryEntry }>(["event", "delivery"]);
  await bus.stop();
  bus = createBus({ feed: { events: feed.sources.event, deliveries: feed.sources.delivery } });
  bus.start();
  const watcher = feed.watch();
  failing = ({ Id }) => (Id === "f" ? undefined : new Error(`${Id} is out of order`));
  const retry = { RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 3600 } };
  await rule("r", [
    { Id: "f", Arn: lambda("f") },
    { Id: "g", Arn: lambda("g"), ...retry, DeadLetterConfig: { Arn: sqs("dlq") } },
    { Id: "q", Arn: sqs("q"), ...retry },
  ]);
  const { Entries } = (await put({ n: 1 })) as { Entries: [{ EventId: string }] };
  await quiet();
  await pass(3_600_000, 60_000);
  const told = (await watcher.take()) ?? [];
  const [eventId] = Entries.map(({ EventId }) => EventId);
  expect(told.filter(({ kind }) => kind === "event")).toEqual([
    { kind: "event", entry: { busName: "default", envelope: expect.objectContaining({ id: eventId, detail: { n: 1 } }) } },
  ]);
  const outcomesOf = (id: string): unknown[] =>
    told.flatMap((one) => (one.kind === "delivery" && one.entry.targetId === id ? [[one.entry.attempt, one.entry.outcome]] : []));
  const failed = (id: string) => ({ status: "failed", error: `${id} is out of order`, nextAttemptMs: expect.any(Number) });
  expect(outcomesOf("f")).toEqual([[1, { status: "delivered" }]]);
  expect(outcomesOf("g")).toEqual([
    [1, failed("g")],
    [2, { status: "givenUp", error: "g is out of order", deadLetterArn: sqs("dlq") }],
  ]);
  expect(outcomesOf("q")).toEqual([
    [1, failed("q")],
    [2, { status: "givenUp", error: "q is out of order", deadLetterArn: undefined }],
  ]);
  expect(told.filter((one) => one.kind === "delivery" && (one.entry.eventId !== eventId || one.entry.ruleName !== "r"))).toEqual([]);
});
