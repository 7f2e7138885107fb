import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compareKeys, keyOf, openStore, rangeOf, type Store } from "./index.ts";

let folder: string;
let store: Store;
const onFailure = (error: Error): void => {
  throw error;
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
  store = await openStore({ folder, onFailure });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("S1: a transaction that throws leaves nothing behind", async () => {
  await expect(
    store.transact((tx) => {
      tx.put(keyOf("a"), 1);
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(store.get(keyOf("a"))).toBeUndefined();
  expect(await store.transact((tx) => tx.get(keyOf("a")))).toBeUndefined();
});

test("S2, S7: a transaction sees what ran before it, readers see what is on disk", async () => {
  const first = store.transact((tx) => tx.put(keyOf("n"), 1));
  const second = store.transact((tx) => tx.put(keyOf("n"), (tx.get<number>(keyOf("n")) ?? 0) + 1));
  expect(store.get(keyOf("n"))).toBeUndefined();
  await Promise.all([first, second]);
  expect(store.get(keyOf("n"))).toBe(2);
});

test("1,000 increments started at once give 1,000", async () => {
  const key = keyOf("counter");
  const results = await Promise.all(
    Array.from({ length: 1000 }, () =>
      store.transact((tx) => {
        const next = (tx.get<number>(key) ?? 0) + 1;
        tx.put(key, next);
        return next;
      }),
    ),
  );
  expect(new Set(results).size).toBe(1000);
  expect(store.get(key)).toBe(1000);
});

test("S9: a second process is refused, and a reopened folder holds what was acknowledged", async () => {
  await expect(openStore({ folder, onFailure })).rejects.toMatchObject({ code: "InUse" });
  await store.transact((tx) => tx.put(keyOf("kept"), { deep: ["é", 1, null] }));
  await store.close();
  store = await openStore({ folder, onFailure });
  expect(store.get(keyOf("kept"))).toEqual({ deep: ["é", 1, null] });
});

test("S9: a folder of a newer format is refused", async () => {
  await store.transact((tx) => tx.put(keyOf("format"), { version: 99 }));
  await store.close();
  await expect(openStore({ folder, onFailure })).rejects.toMatchObject({ code: "NewerVersion" });
  rmSync(folder, { recursive: true });
  store = await openStore({ folder, onFailure });
});

test("a savepoint undoes its own writes alone", async () => {
  await store.transact((tx) => {
    tx.put(keyOf("a"), 1);
    expect(() =>
      tx.savepoint(() => {
        tx.put(keyOf("a"), 2);
        tx.put(keyOf("b"), 2);
        throw new Error("undo");
      }),
    ).toThrow("undo");
    tx.savepoint(() => tx.put(keyOf("c"), 3));
  });
  expect([store.get(keyOf("a")), store.get(keyOf("b")), store.get(keyOf("c"))]).toEqual([1, undefined, 3]);
});

test("what is undone tells memory so, the latest first, by savepoint and altogether", async () => {
  const undone: string[] = [];
  const failing = store.transact((tx) => {
    tx.onUndo(() => undone.push("all"));
    expect(() =>
      tx.savepoint(() => {
        tx.onUndo(() => undone.push("first"));
        tx.onUndo(() => undone.push("second"));
        throw new Error("undo");
      }),
    ).toThrow("undo");
    expect(undone).toEqual(["second", "first"]);
    tx.savepoint(() => tx.onUndo(() => undone.push("kept")));
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(undone).toEqual(["second", "first", "kept", "all"]);
  await store.transact((tx) => tx.onUndo(() => undone.push("never")));
  expect(undone).toHaveLength(4);
});

test("K1: a number's digits are those in base 36, as earlier releases wrote them", () => {
  const low = 36 ** 5;
  for (const value of [0, 35, low - 1, low, low + 1, 36 * low, Number.MAX_SAFE_INTEGER]) {
    const digits = value.toString(36);
    expect(keyOf(value)).toBe(`\u0002${digits.length.toString(36)}${digits}\u0000`);
  }
});

test("K1: keys sort as the tuples of their parts", () => {
  const part = fc.oneof(fc.string({ unit: "binary", maxLength: 4 }), fc.nat());
  const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      (a, b) => Math.sign(compareKeys(a, b)) === Math.sign(byBytes(a, b)),
    ),
  );
  fc.assert(fc.property(fc.nat(), fc.nat(), (a, b) => Math.sign(compareKeys(keyOf("x", a), keyOf("x", b))) === Math.sign(a - b)));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), part, part, (name, a, b) => {
      const inside =
        compareKeys(keyOf(name, a, b), rangeOf(name, a).start) >= 0 && compareKeys(keyOf(name, a, b), rangeOf(name, a).end) < 0;
      return inside;
    }),
  );
});

test("gets and scans agree with a plain map, whatever is flushed when", { timeout: 120_000 }, async () => {
  const key = fc.integer({ min: 0, max: 12 }).map((n) => keyOf("m", n));
  const step = fc.oneof(
    fc.record({ kind: fc.constant("put" as const), key, value: fc.nat() }),
    fc.record({ kind: fc.constant("delete" as const), key }),
    fc.constant({ kind: "flush" as const }),
    fc.record({ kind: fc.constant("scan" as const), reverse: fc.boolean(), limit: fc.integer({ min: 0, max: 15 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const model = new Map<string, number>();
      await store.transact((tx) => {
        for (const [key] of tx.scan(rangeOf("m"))) tx.delete(key);
      });
      for (const one of steps) {
        if (one.kind === "put") void store.transact((tx) => tx.put(one.key, one.value));
        if (one.kind === "put") model.set(one.key, one.value);
        if (one.kind === "delete") {
          void store.transact((tx) => tx.delete(one.key));
          model.delete(one.key);
        }
        if (one.kind === "flush") await store.flush();
        if (one.kind === "scan") {
          const expected = [...model].sort(([a], [b]) => compareKeys(a, b) * (one.reverse ? -1 : 1)).slice(0, one.limit);
          expect(await store.transact((tx) => tx.scan(rangeOf("m"), one))).toEqual(expected);
        }
      }
      await store.flush();
      expect(store.scan(rangeOf("m"))).toEqual([...model].sort(([a], [b]) => compareKeys(a, b)));
    }),
    { numRuns: 60 },
  );
});
