/** The judge judged: clean books pass, and each planted fault is named. */
import { expect, test } from "vitest";
import type { Books } from "./books.ts";
import { findViolations } from "./invariants.ts";
import type { Acknowledged } from "./load.ts";

const config = { customerTimeoutSeconds: 60, baristaTimeoutSeconds: 100 };
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
const ended = (name: string, more: object = {}) =>
  [name, { name, status: "SUCCEEDED", types: ["ExecutionStarted", "ExecutionSucceeded"], entered: [], ...more }] as const;

/** One order completed, one timed out by its guest. */
function cleanBooks(): Books {
  return {
    orders: [order("a", { orderNumber: 1 }), order("b", { ORDERSTATE: "TIMEDOUT", drinkOrder: "null" })],
    facts: [
      fact("OrderProcessor.WaitingCompletion", "a", 1000, { orderNumber: 1 }),
      fact("OrderManager.WaitingCompletion", "a", 1000),
      fact("OrderManager.OrderCompleted", "a", 2000),
      fact("OrderProcessor.orderFinished", "a", 2000, { outcome: "completed" }),
      fact("OrderProcessor.WorkflowStarted", "b", 1000),
      fact("OrderProcessor.OrderTimeOut", "b", 61_000, { cause: "Customer timedout" }),
    ],
    executions: new Map([ended("a"), ended("b")]),
    windows: [{ PK: "7", drinks: 10, availableTokens: 9 }],
    drawn: 1,
    metrics: new Map([["TotalSales", 1]]),
    logLines: 6,
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

test.each([
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
    plant: (books: Books) => ({ ...books, executions: new Map([ended("a", { status: "RUNNING" }), ended("b")]) }),
    says: /^I12/,
  },
  {
    fault: "a history cut short",
    plant: (books: Books) => ({ ...books, executions: new Map([ended("a", { types: ["ExecutionStarted"] }), ended("b")]) }),
    says: /^I10/,
  },
  { fault: "a token kept", plant: changed(0, { TaskToken: "t" }), says: /^I7/ },
  {
    fault: "an acknowledged order that is gone",
    plant: (books: Books) => ({ ...books, orders: books.orders.slice(0, 1) }),
    says: /^I8.*not there/,
  },
  { fault: "an acknowledged completion that is gone", plant: changed(0, { ORDERSTATE: "TIMEDOUT" }), says: /^I8/ },
  { fault: "an event lost on its way", plant: (books: Books) => ({ ...books, undelivered: 1 }), says: /^I9/ },
  { fault: "an event logged twice", plant: (books: Books) => ({ ...books, logLines: 7 }), says: /^I9/ },
  { fault: "a timer left", plant: (books: Books) => ({ ...books, timers: 1 }), says: /^I11/ },
  {
    fault: "a timeout too early",
    plant: (books: Books) => ({
      ...books,
      facts: books.facts.map((one) => (one.type === "OrderProcessor.OrderTimeOut" ? { ...one, atMs: 58_000 } : one)),
    }),
    says: /^I11.*57 s/,
  },
  { fault: "a message left in a queue", plant: (books: Books) => ({ ...books, queued: 1 }), says: /^I12/ },
  { fault: "a drink counted twice", plant: (books: Books) => ({ ...books, metrics: new Map([["TotalSales", 2]]) }), says: /^I13/ },
])("$fault is found", ({ plant, says }) => {
  expect(findViolations(plant(cleanBooks()), acknowledged, config)).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
});
