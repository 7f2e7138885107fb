import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineKind, openStore, type Store, type Transaction } from "@serverlesspresso/store";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFeed, type Feed } from "./feed.ts";

type Kinds = { readonly cup: number; readonly plate: string };
const numbers = defineKind({ prefix: "cups", holds: "cups", owner: "this test", kept: "for good" });

let folder: string;
let store: Store;
let feed: Feed<Kinds>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "feed-"));
  store = await openStore({
    folder,
    onFailure(error) {
      throw error;
    },
  });
  feed = createFeed<Kinds>(["cup", "plate"]);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a number and hands it to the watchers. */
function pour(tx: Transaction, cup: number): void {
  tx.put(numbers.key(cup), cup);
  feed.sources.cup.tell(tx, () => cup);
}
const cup = (entry: number) => ({ kind: "cup", entry });

test("F1: without watchers, nothing is made", async () => {
  const made: number[] = [];
  const tell = (n: number): Promise<void> =>
    store.transact((tx) => {
      tx.put(numbers.key(n), n);
      feed.sources.cup.tell(tx, () => made.push(n));
    });
  await tell(1);
  const plates = feed.watch({ kinds: ["plate"] });
  await tell(2);
  const cups = feed.watch({ kinds: ["cup"] });
  expect([feed.sources.cup.isWatched(), feed.sources.plate.isWatched()]).toEqual([true, true]);
  await tell(3);
  const cutShort = tell(4);
  cups.end();
  await cutShort;
  plates.end();
  await tell(5);
  expect([feed.sources.cup.isWatched(), feed.sources.plate.isWatched()]).toEqual([false, false]);
  expect(made).toEqual([3]);
});

test("F2: an entry is on disk, and what was undone has no entry", async () => {
  const watcher = feed.watch();
  const poured = store.transact((tx) => {
    pour(tx, 1);
    expect(() =>
      tx.savepoint(() => {
        pour(tx, 2);
        throw new Error("spilt");
      }),
    ).toThrow("spilt");
  });
  await expect(
    store.transact((tx) => {
      pour(tx, 3);
      throw new Error("spilt");
    }),
  ).rejects.toThrow("spilt");
  expect(await watcher.take()).toEqual([cup(1)]);
  expect(store.get(numbers.key(1))).toBe(1);
  await poured;
});

test("F3, F4: whoever takes whenever, each watcher gets the entries in order, and gaps for what it lacks", async () => {
  const moves = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom("take" as const)), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(moves, fc.integer({ min: 1, max: 6 }), async (steps, most) => {
      const [slow, quick] = [feed.watch({ most }), feed.watch()];
      const got: number[] = [];
      let [next, missing] = [0, 0];
      const take = async (): Promise<void> => {
        for (const told of (await slow.take()) ?? []) {
          if (told.kind === "gap") missing += told.missing;
          else if (told.kind === "cup") {
            expect(told.entry).toBe(got.length + missing);
            got.push(told.entry);
          }
        }
      };
      for (const step of [...steps, 1 as const, "take" as const]) {
        if (step === "take") {
          if (got.length + missing < next) await take();
          continue;
        }
        await Promise.all(Array.from({ length: step }, () => store.transact((tx) => pour(tx, next++))));
      }
      expect(got.length + missing).toBe(next);
      expect(await quick.take()).toEqual(Array.from({ length: next }, (_, n) => cup(n)));
      for (const watcher of [slow, quick]) watcher.end();
    }),
    { numRuns: 40 },
  );
});

test("F4: one that never takes keeps so many entries at most, and holds up no other", async () => {
  const [never, other] = [feed.watch({ most: 2 }), feed.watch()];
  for (const n of [1, 2, 3, 4]) await store.transact((tx) => pour(tx, n));
  expect(await other.take()).toHaveLength(4);
  expect(await never.take()).toEqual([cup(1), cup(2), { kind: "gap", missing: 2 }]);
  await store.transact((tx) => pour(tx, 5));
  expect(await never.take()).toEqual([cup(5)]);
});

test("one that waits is woken by an entry, and by the end", async () => {
  const watcher = feed.watch();
  const first = watcher.take();
  await store.transact((tx) => pour(tx, 1));
  expect(await first).toEqual([cup(1)]);
  const second = watcher.take();
  feed.close();
  expect(await second).toBeUndefined();
  expect(await watcher.take()).toBeUndefined();
});
