/** The judge judged: clean books pass, and each planted fault is named. */
import { expect, test } from "vitest";
import type { Books, ExecutionRecord, HistoryEntry } from "./books.ts";
import { findViolations } from "./invariants.ts";
import type { Acknowledged } from "./ledger.ts";

const config = { customerTimeoutSeconds: 60, baristaTimeoutSeconds: 100, maxOrdersInQueue: 1, timeZone: "UTC" };
const order = (SK: string, more: object = {}): Books["orders"][number] => ({
  SK,
  USERID: `guest of ${SK}`,
  ORDERSTATE: "COMPLETED",
  drinkOrder: '{"drink":"Latte"}',
  createdMs: 1000,
  TS: 2000,
  bucket: { window: "7" },
  ...more,
});
const fact = (type: string, orderId: string, atMs: number, more: object = {}): Books["facts"][number] => ({
  type,
  atMs,
  detail: { orderId, ...more },
});
/** A history through these states, each left at its millisecond. */
const through = (...states: readonly (readonly [name: string, type: string, atMs: number])[]): HistoryEntry[] => [
  { type: "ExecutionStarted", atMs: 0 },
  ...states.flatMap(([state, type, atMs]) => [
    { type: `${type}StateEntered`, atMs, state },
    ...(type === "Task"
      ? [
          { type: "TaskScheduled", atMs },
          { type: "TaskSucceeded", atMs },
        ]
      : []),
    { type: `${type}StateExited`, atMs, state },
  ]),
  { type: "ExecutionSucceeded", atMs: states.at(-1)?.[2] ?? 0 },
];
const admitted = (atMs: number) =>
  [
    ["DynamoDB Get Shop Status", "Task", atMs],
    ["Shop Open?", "Choice", atMs],
    ["ListExecutions", "Task", atMs],
    ["Is capacity available?", "Choice", atMs],
  ] as const;
const wholeWay = through(
  ...admitted(1000),
  ["Emit - Workflow Started TT", "Task", 1000],
  ["Generate Order Number", "Task", 1000],
  ["Emit - Awaiting Completion TT", "Task", 2000],
  ["Emit - order finished", "Task", 2000],
);
const refused = (atMs: number): HistoryEntry[] =>
  through(...admitted(atMs), ["Queue full", "Pass", atMs], ["Close as refused", "Task", atMs], ["Emit - Shop not ready", "Task", atMs]);
const choosing = "Emit - Workflow Started TT";
/** The history of an order that its guest left without a drink: the wait lasts from `begunMs` to 63 s. */
const leftByGuest = (begunMs: number): HistoryEntry[] =>
  through(
    ...admitted(3000),
    [choosing, "Task", 63_000],
    ["Close for the guest", "Task", 63_000],
    ["Customer timedout", "Pass", 63_000],
    ["Emit - error timeout", "Task", 63_000],
  ).map((one, at, all) => {
    const inside = all.slice(0, at + 1).findLast(({ state }) => state !== undefined)?.state;
    if (inside !== choosing || one.type.endsWith("Exited")) return one;
    return one.type === "TaskSucceeded" ? { ...one, type: "TaskTimedOut" } : { ...one, atMs: begunMs };
  });
const ended = (name: string, more: Partial<ExecutionRecord> = {}) =>
  [name, { name, status: "SUCCEEDED", startMs: 1000, stopMs: 2000, events: wholeWay, ...more }] as const;

const day = "1970-01-01";

/** One order completed, one timed out by its guest. */
function cleanBooks(): Books {
  return {
    orders: [order("a", { orderNumber: 1 }), order("b", { ORDERSTATE: "TIMEDOUT", drinkOrder: "null" })],
    facts: [
      fact("Validator.NewOrder", "a", 900),
      fact("Validator.NewOrder", "b", 950),
      fact("OrderProcessor.WaitingCompletion", "a", 1000, { orderNumber: 1 }),
      fact("OrderManager.WaitingCompletion", "a", 1000, { orderNumber: 1, drinkOrder: { drink: "Latte" } }),
      fact("OrderManager.MakeOrder", "a", 1500, { baristaUserId: "one" }),
      fact("OrderManager.OrderCompleted", "a", 2000),
      fact("OrderProcessor.orderFinished", "a", 2000, { outcome: "completed" }),
      fact("OrderProcessor.WorkflowStarted", "b", 1000),
      fact("OrderProcessor.OrderTimeOut", "b", 61_000, { cause: "Customer timedout" }),
    ],
    executions: new Map([
      ended("a"),
      ended("b", {
        startMs: 3000,
        stopMs: 63_000,
        events: leftByGuest(3000),
      }),
    ]),
    windows: [{ PK: "7", drinks: 10, availableTokens: 9 }],
    drawn: 1,
    metrics: new Map([
      [`${day}#TotalSales`, 1],
      [`${day}#Latte`, 1],
      [`${day}#Completed`, 1],
      [`${day}#TimedOut`, 1],
    ]),
    logLines: 9,
    undelivered: 0,
    dead: 0,
    queued: 0,
    timers: 0,
  };
}
const acknowledged: Acknowledged[] = [
  { orderId: "a", what: "CREATED" },
  { orderId: "a", what: "COMPLETED" },
  { orderId: "b", what: "CREATED" },
];

test("clean books have no violation", () => expect(findViolations(cleanBooks(), acknowledged, config)).toEqual([]));

const changed = (index: number, more: object) => (books: Books) => ({
  ...books,
  orders: books.orders.map((one, at) => (at === index ? { ...one, ...more } : one)),
});
const without = (type: string) => (books: Books) => ({
  ...books,
  facts: books.facts.filter((one) => one.type !== type),
  logLines: books.logLines - 1,
});
const withFact = (one: Books["facts"][number]) => (books: Books) => ({
  ...books,
  facts: [...books.facts, one],
  logLines: books.logLines + 1,
});

const withExecution =
  (one: readonly [string, ExecutionRecord]) =>
  (books: Books): Books => ({ ...books, executions: new Map([...books.executions, one]) });
const withMetric =
  (name: string, val: number) =>
  (books: Books): Books => ({ ...books, metrics: new Map([...books.metrics, [name, val]]) });

test.each<{ fault: string; plant: (books: Books) => Books; says: RegExp }>([
  {
    fault: "a drink too many off a code",
    plant: (books: Books) => ({ ...books, windows: [{ PK: "7", drinks: 10, availableTokens: 8 }] }),
    says: /^I2/,
  },
  {
    fault: "a code below nothing",
    plant: (books: Books) => ({ ...books, windows: [{ PK: "7", drinks: 0, availableTokens: -1 }] }),
    says: /^I2/,
  },
  { fault: "a number left out", plant: (books: Books) => ({ ...books, drawn: 2 }), says: /^I4/ },
  { fault: "a number given twice", plant: changed(1, { orderNumber: 1 }), says: /^I4/ },
  { fault: "an order without an end", plant: without("OrderProcessor.orderFinished"), says: /^I5.*final events none/ },
  {
    fault: "an order with two ends",
    plant: withFact(fact("OrderProcessor.OrderTimeOut", "a", 101_000, { cause: "Barista timedout" })),
    says: /^I5/,
  },
  { fault: "a table that disagrees with the events", plant: changed(0, { ORDERSTATE: "CANCELLED" }), says: /^I5.*outcome/ },
  { fault: "a guest told twice", plant: withFact(fact("OrderManager.OrderCompleted", "a", 2000)), says: /^I5.*told 2 times/ },
  { fault: "an order still open", plant: changed(0, { ORDERSTATE: "MAKING" }), says: /^I5.*not final/ },
  {
    fault: "an execution that hangs",
    plant: withExecution(ended("a", { status: "RUNNING" })),
    says: /^I12/,
  },
  {
    fault: "a history cut short",
    plant: withExecution(ended("a", { events: wholeWay.slice(0, -1) })),
    says: /^I10.*ends with/,
  },
  { fault: "a token kept", plant: changed(0, { TaskToken: "t" }), says: /^I7/ },
  {
    fault: "an acknowledged order that is gone",
    plant: (books: Books) => ({ ...books, orders: books.orders.slice(0, 1) }),
    says: /^I8.*not there/,
  },
  { fault: "an acknowledged completion that is gone", plant: changed(0, { ORDERSTATE: "TIMEDOUT" }), says: /^I8/ },
  { fault: "an event lost on its way", plant: (books: Books) => ({ ...books, undelivered: 1 }), says: /^I9/ },
  { fault: "an event logged twice", plant: (books: Books) => ({ ...books, logLines: 10 }), says: /^I9/ },
  { fault: "a timer left", plant: (books: Books) => ({ ...books, timers: 1 }), says: /^I11/ },
  {
    fault: "a timeout too early",
    plant: withExecution(ended("b", { startMs: 3000, stopMs: 63_000, events: leftByGuest(6000) })),
    says: /^I11.*57 s/,
  },
  { fault: "a message left in a queue", plant: (books: Books) => ({ ...books, queued: 1 }), says: /^I12/ },
  { fault: "a drink counted twice", plant: withMetric(`${day}#TotalSales`, 2), says: /^I13/ },
  {
    fault: "a drink counted twice that was told of twice",
    plant: (books: Books) =>
      withMetric(
        `${day}#TotalSales`,
        2,
      )(
        withFact(fact("OrderManager.WaitingCompletion", "a", 1001, { orderNumber: 1, drinkOrder: { drink: "Latte" } }))({
          ...books,
          logLines: 10,
        }),
      ),
    says: /^I13: 1970-01-01#TotalSales is 2, the archive has 1/,
  },
  { fault: "one drink counted as another", plant: withMetric(`${day}#Latte`, 0), says: /^I13.*Latte/ },
  { fault: "a count on another day", plant: withMetric("1970-01-02#Completed", 1), says: /^I13/ },
  {
    fault: "more orders than the shop takes",
    plant: withExecution(ended("c", { startMs: 1500, stopMs: 2500, events: wholeWay.map((one) => ({ ...one, atMs: one.atMs + 500 })) })),
    says: /^I1: .*got in with 1/,
  },
  {
    fault: "an order refused though there was a place",
    plant: (books: Books) =>
      withExecution(ended("c", { startMs: 2500, stopMs: 2600, events: refused(2600) }))(
        withFact(fact("OrderProcessor.ShopUnavailable", "c", 2600, { reason: "full" }))(books),
      ),
    says: /^I1: .*refused as full with 0/,
  },
  {
    fault: "two baristas with one drink",
    plant: withFact(fact("OrderManager.MakeOrder", "a", 1600, { baristaUserId: "two" })),
    says: /^I6/,
  },
  {
    fault: "a step that the definition does not have",
    plant: withExecution(ended("a", { events: wholeWay.filter(({ state }) => state !== "Generate Order Number") })),
    says: /^I10.*expected Generate Order Number/,
  },
  {
    fault: "a second order beside an open one",
    plant: changed(1, { USERID: "guest of a" }),
    says: /^I3/,
  },
])("$fault is found", ({ plant, says }) => {
  expect(findViolations(plant(cleanBooks()), acknowledged, config)).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
});
