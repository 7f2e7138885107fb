import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "@serverlesspresso/clock";
import { keyOf, openStore, partsOf, rangeOf, type Store, type Transaction } from "@serverlesspresso/store";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTimers, type Timers, type TimersOptions } from "./index.ts";

const clock = createManualClock(1_000_000);
let folder: string;
let store: Store;
let timers: Timers;
let fired: [string, number][];
let errors: string[];
let unsettle: () => void;

async function open(fire: (tx: Transaction, id: string) => void = () => {}, giveUp?: TimersOptions["giveUp"]): Promise<void> {
  store = await openStore({ folder, onFailure: (error) => expect.fail(error.message) });
  timers = createTimers({
    store,
    clock,
    name: "test",
    ...(giveUp && { giveUp }),
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

describe("T5, T6: a transaction that fails after its handlers", () => {
  /** A timer named `bad…` fails where its name says, the others fire. */
  async function reopen(giveUp?: TimersOptions["giveUp"]): Promise<void> {
    timers.stop();
    await store.close();
    await open((tx, id) => {
      if (id.startsWith("bad-hook")) tx.beforeCommit(() => void tx.put(keyOf("at", 1.5), 1));
      if (id.startsWith("bad-key")) tx.beforeCommit(() => tx.put(keyOf("k".repeat(5000)), 1));
      if (id.startsWith("bad-handler")) throw new Error("never");
      tx.put(keyOf("fired", id), 1);
    }, giveUp);
  }
  const names = (): string[] => store.scan(rangeOf("fired")).map(([key]) => partsOf(key)[1] as string);

  test("is made again without the one at fault, which is named and retired; the same after a restart", async () => {
    await reopen();
    await store.transact((tx) => {
      for (let i = 0; i < 300; i++) timers.set(tx, clock.nowMs() + 10, i === 77 ? "bad-hook" : `t${i}`);
    });
    timers.start();
    await clock.advance(10);
    expect([names().length, timers.count(), new Set(errors)]).toEqual([299, 0, new Set(["bad-hook"])]);

    errors = [];
    await reopen();
    timers.start();
    await store.transact((tx) => timers.set(tx, clock.nowMs() + 10, "another"));
    await clock.advance(10);
    expect([names().length, timers.count(), new Set(errors)]).toEqual([300, 0, new Set(["bad-hook"])]);
  });

  test("leaves the one at fault to its owner", async () => {
    const given: string[] = [];
    await reopen((tx, id, error) => {
      given.push(`${id}: ${error.message}`);
      tx.put(keyOf("failed", id), 1);
    });
    timers.start();
    await store.transact((tx) => timers.set(tx, clock.nowMs(), "bad-key"));
    await clock.advance(1);
    expect(given).toEqual(["bad-key: key has 5001 bytes, expected at most 4026"]);
    expect(store.get(keyOf("failed", "bad-key"))).toBe(1);
  });

  test("property: whatever else is due, the good ones all fire, once", async () => {
    const kind = fc.constantFrom("good", "good", "good", "bad-hook", "bad-key", "bad-handler");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(kind, fc.nat(20)), { maxLength: 200 }), async (entries) => {
        await reopen();
        timers.start();
        await store.transact((tx) => {
          for (const [key] of tx.scan(rangeOf("fired"))) tx.delete(key);
          entries.forEach(([name, ms], i) => {
            timers.set(tx, clock.nowMs() + ms, `${name}${i}`);
          });
        });
        fired = [];
        await clock.advance(100_000);
        const good = entries.flatMap(([name], i) => (name === "good" ? [`good${i}`] : []));
        expect(names().sort()).toEqual(good.sort());
        expect(timers.count()).toBe(0);
      }),
      { numRuns: 15 },
    );
  });
});

test.each([-1, 1.5, Number.NaN, 1e308, Number.POSITIVE_INFINITY])("set refuses the instant %d in words", async (atMs) => {
  await expect(store.transact((tx) => timers.set(tx, atMs, "t"))).rejects.toThrow(
    `timer of test "t" is at ${atMs}, expected whole milliseconds from 0 to 8640000000000000`,
  );
});
