/**
 * Rights are made from each function's `uses`. This compares them with the calls that the services make: each function runs on real tables,
 * in cases that together cover every path through it, and makes exactly the calls of the list.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blueprint } from "@serverlesspresso/blueprint";
import { platformTableOf } from "@serverlesspresso/blueprint/edge/platform-table.ts";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import { names } from "@serverlesspresso/contract";
import type { Item, JsonObject, JsonValue, Tables } from "@serverlesspresso/ports";
import { createHandlers, services } from "@serverlesspresso/services";
import { exampleCalls, whereCallsGo } from "@serverlesspresso/services/test-support/example-calls.ts";
import type { Use } from "@serverlesspresso/services/use.ts";
import { openStore, type Store } from "@serverlesspresso/store";
import { createTables, createTablesPort, marshall } from "@serverlesspresso/tables";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordCalls } from "./record-calls.ts";
import { recordExamples } from "./record-examples.ts";

let folder: string;
let store: Store;
let tables: Tables;
let clock: ManualClock;
const ids = createIds(createManualClock());

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "calls-"));
  store = await openStore({ folder, onFailure: () => {} });
  clock = createManualClock();
  const engine = createTables({ store, clock, ids, account: "123456789012", region: "us-east-1", onStreamRecords: () => {} });
  await store.transact((tx) => {
    for (const table of [...blueprint.tables, platformTableOf(names)]) engine.createTable(tx, tableRequest(table));
    for (const { tableName, item } of blueprint.seed) engine.execute(tx, "PutItem", { TableName: tableName, Item: item });
  });
  tables = createTablesPort(store, engine);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

type Table = (typeof blueprint.tables)[number];
function tableRequest({ name, partitionKey, sortKey, indexes }: Table): JsonObject {
  const schema = (hash: Table["partitionKey"], range: Table["sortKey"]): JsonObject[] => [
    { AttributeName: hash.name, KeyType: "HASH" },
    ...(range === undefined ? [] : [{ AttributeName: range.name, KeyType: "RANGE" }]),
  ];
  const keys = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])].filter(
    (key) => key !== undefined,
  );
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [...new Map(keys.map((key) => [key.name, key.type]))].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    KeySchema: schema(partitionKey, sortKey),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: schema(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: index.attributes },
      })),
    }),
  };
}

const envelope = (detailType: string, detail: JsonObject): JsonObject => ({
  version: "0",
  id: ids.uuid(),
  "detail-type": detailType,
  source: names.eventSource,
  account: "a",
  time: "2026-01-01T00:00:00Z",
  region: "r",
  resources: ["arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:o"],
  detail,
});
const request = (more: JsonObject = {}): JsonObject => ({
  method: "GET",
  path: "/",
  pathParameters: {},
  queryStringParameters: {},
  headers: {},
  body: {},
  identity: { sub: "ada", groups: ["admin"] },
  ...more,
});

let orders = 0;
/** An order in the table, as the validator makes it. */
async function order(more: Item = {}): Promise<string> {
  const SK = `order-${++orders}`;
  const bucket = { window: await openWindow(), startMs: 0, endMs: 1 };
  const item = {
    PK: "orders",
    SK,
    USERID: "ada",
    ORDERSTATE: "CREATED",
    drinkOrder: "null",
    name: "",
    note: "",
    reason: "",
    baristaUserId: "",
  };
  await tables.putItem({ tableName: names.orderTable, item: { ...item, createdMs: 1, TS: 1, bucket, ...more } });
  return SK;
}

/** A window with a drink taken from it. */
async function openWindow(): Promise<string> {
  await tables.putItem({
    tableName: names.validatorTable,
    item: { PK: "w", code: "w.c", availableTokens: 1, drinks: 10, startMs: 0, endMs: 1 },
  });
  return "w";
}

async function code(): Promise<string> {
  const answer = (await createHandlers(services, recordCalls({ clock, ids, tables }).ports, names).GetCode?.(request(), context)) as {
    body: { code: string };
  };
  return answer.body.code;
}
async function overduePause(): Promise<JsonObject> {
  const values = { ":closed": false, ":at": new Date(clock.nowMs()).toISOString() };
  const updateExpression = "SET storeOpen = :closed, reopensAt = :at";
  await tables.updateItem({ tableName: names.configTable, key: { PK: "config" }, updateExpression, values });
  return {};
}
const record = (eventName: string, image: Item): JsonObject => ({
  Records: [{ eventID: "e", eventName, dynamodb: { Keys: {}, NewImage: marshall(image) as JsonValue } }],
});
const spend = (token: string): JsonObject => request({ method: "POST", queryStringParameters: { token } });
const guest = (): JsonObject =>
  request({ address: "192.0.2.1", headers: { "x-device-id": "a-phone-of-22-characters" }, body: { name: "Ada" } });
/** A device whose code an operator has confirmed asks for its tokens. */
async function confirmedDevice(): Promise<JsonObject> {
  const handlers = createHandlers(services, recordCalls({ clock, ids, tables }).ports, names);
  const started = await handlers.StartPairing?.(request({ address: "192.0.2.2", body: {} }), context);
  const { code, deviceSecret } = (started as { body: { code: string; deviceSecret: string } }).body;
  await handlers.ConfirmPairing?.(request({ pathParameters: { code } }), context);
  return request({ bearer: deviceSecret });
}
const context = { functionName: "f", awsRequestId: "r", log: () => {} };

/** The second read finds another switch. */
async function switched(): Promise<JsonObject> {
  const update = { tableName: names.configTable, key: { PK: "config" }, updateExpression: "SET subCode = :on", values: { ":on": true } };
  await tables.updateItem(update);
  return request();
}

const stoppedWorkflow = (orderId: string): JsonObject => ({
  ...envelope("Step Functions Execution Status Change", {
    status: "ABORTED",
    executionArn: "arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:any",
    input: JSON.stringify({ detail: { orderId, userId: "ada" } }),
  }),
  source: "aws.states",
});

/** Events that a service's `examples` cannot be, as they need what only a test makes; some are made when their turn comes. */
const cases: Readonly<Record<string, () => Promise<readonly (JsonValue | (() => Promise<JsonValue>))[]>>> = {
  GetCode: async () => [request(), switched],
  SpendToken: async () => [spend("0.unknown"), spend("0.unknown"), spend(await code()), spend(await code())],
  NewOrder: async () => [
    record("INSERT", {
      PK: "orders",
      SK: "n",
      USERID: "u",
      ORDERSTATE: "CREATED",
      TS: 1,
      bucket: { window: await openWindow(), startMs: 0, endMs: 1 },
    }),
  ],
  WorkflowStarted: async () => [
    envelope("OrderProcessor.WorkflowStarted", { orderId: await order({ ORDERSTATE: "SUBMITTED" }), userId: "ada", TaskToken: "t" }),
    envelope("OrderProcessor.WorkflowStarted", { orderId: await order(), userId: "ada", TaskToken: "t" }),
    envelope("OrderProcessor.WorkflowStarted", { orderId: "by-hand", userId: "ada", TaskToken: "t" }),
  ],
  WaitingCompletion: async () => [
    envelope("OrderProcessor.WaitingCompletion", {
      orderId: await order({ ORDERSTATE: "CANCELLED" }),
      userId: "ada",
      orderNumber: 3,
      TaskToken: "t",
    }),
    envelope("OrderProcessor.WaitingCompletion", { orderId: await order(), userId: "ada", orderNumber: 1, TaskToken: "t" }),
    envelope("OrderProcessor.WaitingCompletion", { orderId: "by-hand-2", userId: "ada", orderNumber: 2, TaskToken: "t" }),
  ],
  OrderTimedOut: async () => [
    envelope("OrderProcessor.OrderTimeOut", { orderId: await order(), userId: "ada", cause: "Customer timedout" }),
  ],
  OrderFinished: async () => [
    envelope("OrderProcessor.orderFinished", { orderId: await order({ ORDERSTATE: "SUBMITTED" }), userId: "ada", resumedByHand: true }),
  ],
  OrderWorkflowEnded: async () => [stoppedWorkflow(await order()), stoppedWorkflow(await order({ ORDERSTATE: "SUBMITTED" }))],
  GetOrder: async () => [request({ pathParameters: { id: await order() } })],
  ConfigChanged: async () => [record("MODIFY", { PK: "config", storeOpen: true })],
  EndPause: async () => [await overduePause()],
  SignInAsGuest: async () => Array.from({ length: 31 }, guest),
  StartPairing: async () => Array.from({ length: 61 }, () => request({ address: "192.0.2.1", body: { deviceName: "Display" } })),
  PollPairing: async () => [await confirmedDevice(), request()],
  ConfirmPairing: async () => Array.from({ length: 21 }, () => request({ pathParameters: { code: "ZZZZZZ" } })),
  PublishAdmin: async () => [envelope("OrderManager.MakeOrder", { orderId: "1", userId: "ada" })],
  PublishUser: async () => [envelope("OrderManager.MakeOrder", { orderId: "1", userId: "ada" })],
};

/** Runs the cases of a function. */
async function recordCases(name: string): Promise<ReadonlySet<string>> {
  const { ports, called } = recordCalls({ clock, ids, tables });
  const handler = createHandlers(services, ports, names)[name];
  for (const event of (await cases[name]?.()) ?? []) await handler?.(typeof event === "function" ? await event() : event, context);
  return called;
}

describe.each(services)("$name", (service) => {
  const calls = exampleCalls(service, names).filter(({ name }) => !(name in cases));
  let calledBy: Awaited<ReturnType<typeof recordExamples>>;
  beforeAll(async () => {
    calledBy = await recordExamples(services, calls, { clock, ids, tables }, names);
  });
  const functions = Object.keys(service.declare(names).functions);
  test.each(functions)("%s asks for what the list says, and the list for no more", async (name) => {
    const called = calledBy.get(name) ?? (await recordCases(name));
    const listed = blueprint.functions.find((fn) => fn.name === name)?.uses.flatMap(print) ?? [];
    expect([...called].sort(), whereCallsGo).toEqual(listed.sort());
  });
});

function print(use: Use): string[] {
  switch (use.kind) {
    case "table":
      return use.actions.map((action) => `${action} ${use.table}${use.index === undefined ? "" : `/${use.index}`}`);
    case "topic":
      return [`topic ${use.topic}`];
    case "identities":
      return [`identities ${use.of}`];
    default:
      return [use.kind];
  }
}
