import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import { createFunctions, type Functions } from "@serverlesspresso/functions";
import { openStore, type Store } from "@serverlesspresso/store";
import { createTables, type TablesEngine } from "@serverlesspresso/tables";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDeadlines, type Deadlines } from "./deadlines.ts";

const place = { account: "123456789012", region: "us-east-1" };
const [TableName, Key] = ["doors", { id: { S: "front" } }];
let folder: string;
let clock: ManualClock;
let store: Store;
let functions: Functions;
let tables: TablesEngine;
let deadlines: Deadlines;
let errors: string[];
const close = vi.fn(async () => undefined);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "deadlines-"));
  clock = createManualClock(0);
  errors = [];
  close.mockReset();
  store = await openStore({ folder, onFailure: (error) => errors.push(error.message) });
  clock.settleWith(() => store.flush());
  const ids = createIds(clock);
  functions = createFunctions({ clock, ids, log: () => {} });
  functions.register("Close", close);
  tables = createTables({ store, clock, ids, ...place, onStreamRecords: (tx, name) => deadlines.accept(tx, name) });
  deadlines = createDeadlines({
    store,
    clock,
    tables,
    functions,
    deadlines: [
      {
        name: "d",
        description: "",
        tableName: TableName,
        key: Key,
        attribute: "closesAt",
        function: "Close" as never,
        deadLetterQueue: "",
      },
    ],
    onError: (error) => errors.push((error as Error).message),
  });
  const table = {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  };
  await store.transact((tx) => tables.createTable(tx, table));
});
afterEach(async () => {
  await deadlines.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (closesAt: object) => store.transact((tx) => tables.execute(tx, "PutItem", { TableName, Item: { ...Key, closesAt } as never }));
const at = (ms: number) => put({ S: new Date(ms).toISOString() });

test("E1. what the item says counts: put off, taken back, of another kind, no time at all", async () => {
  deadlines.start();
  await at(1000);
  await at(5000);
  await clock.advance(4999);
  expect(close).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(close).toHaveBeenCalledOnce();
  await at(6000);
  for (const none of [{ N: "1" }, { S: "soon" }, { NULL: true }]) await put(none);
  await clock.advance(60_000);
  expect(close).toHaveBeenCalledOnce();
  await at(70_000);
  await store.transact((tx) => tables.execute(tx, "DeleteItem", { TableName, Key }));
  await clock.advance(60_000);
  expect(close).toHaveBeenCalledOnce();
});

test("E1. one that passed before the start is met on start; after a stop nobody is called", async () => {
  await at(1000);
  await clock.advance(9000);
  deadlines.start();
  await clock.advance(0);
  expect(close).toHaveBeenCalledOnce();
  await at(10_000);
  await deadlines.stop();
  await clock.advance(60_000);
  expect(close).toHaveBeenCalledOnce();
});

test("E2. a call that fails is made again, later each time, until the item holds its instant no longer", async () => {
  deadlines.start();
  close.mockRejectedValue(new Error("jammed"));
  await at(1000);
  const calls: number[] = [];
  for (const ms of [1000, 500, 1000, 2000]) {
    await clock.advance(ms - 1);
    calls.push(close.mock.calls.length);
    await clock.advance(1);
    calls.push(close.mock.calls.length);
  }
  expect(calls).toEqual([0, 1, 1, 2, 2, 3, 3, 4]);
  expect(errors).toEqual(Array(4).fill("jammed"));
  await store.transact((tx) => tables.execute(tx, "DeleteTable", { TableName }));
  await clock.advance(3_600_000);
  expect(close.mock.calls.length).toBeLessThanOrEqual(5);
  expect(errors.every((error) => error === "jammed")).toBe(true);
});
