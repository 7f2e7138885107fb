import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TableBlueprint } from "@serverlesspresso/blueprint";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import { createFunctions } from "@serverlesspresso/functions";
import type { JsonValue } from "@serverlesspresso/ports";
import { keyOf, openStore, rangeOf, type Store } from "@serverlesspresso/store";
import type { TableStreamRecord } from "@serverlesspresso/tables";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStreamDelivery, type StreamDelivery } from "./stream-delivery.ts";

const stream = [{ function: "NewOrder", batchSize: 3, filter: { eventName: ["INSERT"] } }] as const;
const tables: TableBlueprint[] = [{ name: "t", partitionKey: { name: "PK", type: "S" }, indexes: [], stream }];
let folder: string;
let store: Store;
let clock: ManualClock;
let got: string[][];
let answer: (ids: string[]) => void;
let errors: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "stream-"));
  store = await openStore({ folder, onFailure: () => {} });
  clock = createManualClock();
  got = [];
  errors = [];
  answer = () => {};
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): StreamDelivery {
  const functions = createFunctions({ clock, ids: createIds(clock), log: () => {} });
  functions.register("NewOrder", async (event) => {
    const ids = (event as unknown as { Records: TableStreamRecord[] }).Records.map(({ eventID }) => eventID);
    got.push(ids);
    answer(ids);
    return undefined as unknown as JsonValue;
  });
  return createStreamDelivery({ store, clock, tables, functions, onError: (_error, what) => void errors.push(what) });
}
const record = (eventID: string, eventName = "INSERT"): TableStreamRecord =>
  ({ eventID, eventName, dynamodb: {} }) as unknown as TableStreamRecord;
const waiting = (): number => store.scan(rangeOf("stream")).length;

test("D1, D2: records go out in order, in batches, those wanted alone, and then no more", async () => {
  const delivery = open();
  delivery.start();
  await store.transact((tx) => {
    for (const id of ["1", "2", "3", "4"]) delivery.accept(tx, "t", [record(id), record(`m${id}`, "MODIFY")]);
    delivery.accept(tx, "other", [record("x")]);
  });
  await clock.advance(0);
  await expect.poll(() => got.flat()).toEqual(["1", "2", "3", "4"]);
  await expect.poll(waiting).toBe(0);
  expect(Math.max(...got.map(({ length }) => length))).toBe(3);
  await delivery.stop();
});

test("D1: a transaction that fails leaves nothing to deliver", async () => {
  const delivery = open();
  delivery.start();
  const failed = store.transact((tx) => {
    delivery.accept(tx, "t", [record("1")]);
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow();
  await clock.advance(1000);
  expect(got).toEqual([]);
  await delivery.stop();
});

test("D2, D3: while a batch fails, what came later waits; pauses grow", async () => {
  const delivery = open();
  delivery.start();
  answer = () => {
    throw new Error("not now");
  };
  await store.transact((tx) => delivery.accept(tx, "t", [record("1")]));
  await clock.advance(0);
  await store.transact((tx) => delivery.accept(tx, "t", [record("2")]));
  await clock.advance(3_400);
  expect(got.length).toBeLessThan(6);
  expect(got.every(([first]) => first === "1")).toBe(true);
  answer = () => {};
  await clock.advance(10_000);
  expect(got.at(-1)).toEqual(["1", "2"]);
  await expect.poll(waiting).toBe(0);
  await delivery.stop();
});

test("D1: the next process goes on where this one stopped, after what it had numbered", async () => {
  const first = open();
  await store.transact((tx) => first.accept(tx, "t", [record("1"), record("2")]));
  await first.stop();
  const second = open();
  await store.transact((tx) => second.accept(tx, "t", [record("3")]));
  second.start();
  await clock.advance(0);
  await expect.poll(() => got.flat()).toEqual(["1", "2", "3"]);
  await second.stop();
});

test("D3: what fails for a day is given up and reported, and the rest goes on", async () => {
  const delivery = open();
  delivery.start();
  answer = (ids) => {
    if (ids.includes("poison")) throw new Error("never");
  };
  await store.transact((tx) => delivery.accept(tx, "t", [record("poison")]));
  for (let minutes = 0; minutes < 1445; minutes += 5) await clock.advance(300_000);
  await store.transact((tx) => delivery.accept(tx, "t", [record("2")]));
  await clock.advance(120_000);
  expect(errors.some((what) => what.includes("given up"))).toBe(true);
  expect(got.at(-1)).toEqual(["2"]);
  expect(store.get(keyOf("stream"))).toBeUndefined();
  await delivery.stop();
}, 60_000);
