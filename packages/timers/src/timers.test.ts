import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "@serverlesspresso/clock";
import { keyOf, openStore, type Store, type Transaction } from "@serverlesspresso/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTimers, type Timers } from "./index.ts";

const clock = createManualClock(1_000_000);
let folder: string;
let store: Store;
let timers: Timers;
let fired: [string, number][];
let errors: string[];
let unsettle: () => void;

async function open(fire: (tx: Transaction, id: string) => void = () => {}): Promise<void> {
  store = await openStore({ folder, onFailure: (error) => expect.fail(error.message) });
  timers = createTimers({
    store,
    clock,
    name: "test",
    onError: (_, id) => errors.push(id),
    fire: (tx, id) => {
      fire(tx, id);
      fired.push([id, clock.nowMs()]);
    },
  });
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "timers-"));
  [fired, errors] = [[], []];
  await open();
  unsettle = clock.settleWith(() => store.flush());
});
afterEach(async () => {
  unsettle();
  timers.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("T3: timers fire in order, none early, far ones too", async () => {
  timers.start();
  const begin = clock.nowMs();
  const year = 366 * 86_400_000;
  await store.transact((tx) => {
    timers.set(tx, begin + year, "year");
    timers.set(tx, begin + 500, "later");
    timers.set(tx, begin + 100, "soon");
  });
  await clock.advance(99);
  expect(fired).toEqual([]);
  await clock.advance(1);
  await clock.advance(1000);
  expect(fired).toEqual([
    ["soon", begin + 100],
    ["later", begin + 500],
  ]);
  await clock.advance(year);
  expect(fired.at(-1)).toEqual(["year", begin + year]);
  expect(timers.count()).toBe(0);
});

test("T2: what came due while the process was down fires at once on start; a cancelled one never", async () => {
  const begin = clock.nowMs();
  await store.transact((tx) => {
    timers.set(tx, begin + 100, "due");
    timers.set(tx, begin + 100, "cancelled");
    timers.cancel(tx, begin + 100, "cancelled");
  });
  await store.close();
  unsettle();
  await clock.advance(86_400_000);
  await open();
  unsettle = clock.settleWith(() => store.flush());
  timers.start();
  await clock.advance(0);
  expect(fired.map(([id]) => id)).toEqual(["due"]);
});

test("T1, T4: a handler that throws leaves nothing behind, is tried again, and holds nobody up", async () => {
  timers.stop();
  await store.close();
  let failures = 2;
  await open((tx, id) => {
    if (id !== "bad") return;
    tx.put(keyOf("half"), 1);
    if (failures-- > 0) throw new Error("not yet");
  });
  timers.start();
  const begin = clock.nowMs();
  await store.transact((tx) => {
    timers.set(tx, begin + 10, "bad");
    timers.set(tx, begin + 20, "good");
  });
  await clock.advance(500);
  expect([fired.map(([id]) => id), store.get(keyOf("half"))]).toEqual([["good"], undefined]);
  await clock.advance(5000);
  expect([fired.map(([id]) => id), errors]).toEqual([
    ["good", "bad"],
    ["bad", "bad"],
  ]);
});

test("10,000 timers due at once all fire, once each", async () => {
  const begin = clock.nowMs();
  await store.transact((tx) => {
    for (let i = 0; i < 10_000; i++) timers.set(tx, begin + (i % 7), `t${i}`);
  });
  timers.start();
  await clock.advance(10);
  for (let i = 0; i < 200 && timers.count() > 0; i++) await clock.advance(1);
  expect(new Set(fired.map(([id]) => id)).size).toBe(10_000);
  expect(fired.length).toBe(10_000);
});
