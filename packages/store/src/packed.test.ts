import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bodyOf } from "./compression.ts";
import { pageBytes } from "./file-check.ts";
import { compareKeys, createPacked, defineKind, type Key, openStore, type Store, type Transaction } from "./index.ts";

const given = { owner: "test", kept: "for good" } as const;
const lines = defineKind({ ...given, prefix: "line", holds: "lines" });
const blocks = defineKind({ ...given, prefix: "lines", holds: "blocks of lines" });
const packed = createPacked<{ at: number; text: string }>(lines, blocks, 1);
const folder = mkdtempSync(join(tmpdir(), "packed-"));
let store: Store;
beforeAll(async () => {
  store = await openStore({ folder, onFailure: () => {} });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const keyAt = (group: string, at: number): Key => lines.key(group, at, "x");
const everything = lines.range();
const group = fc.constantFrom("a", "b", "bb");
const at = fc.nat({ max: 60 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("put" as const), group, ats: fc.array(at, { minLength: 1, maxLength: 30 }) }) },
  fc.record({ kind: fc.constant("pack" as const), cold: at }),
  fc.record({ kind: fc.constant("drop" as const), group, before: at }),
  fc.record({ kind: fc.constant("remove" as const), group }),
);

test("Q1, Q3: gets and scans agree with a plain map, whatever is packed when", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.array(fc.tuple(group, at, at, fc.boolean(), fc.integer({ min: 1, max: 20 }))),
      async (steps, scans) => {
        const model = new Map<Key, { at: number; text: string }>();
        await store.transact((tx) => {
          packed.remove(tx, everything);
          for (const one of steps) {
            if (one.kind === "put") {
              for (const number of one.ats) {
                const value = { at: number, text: `${number}` };
                // As in life, what is written once is written no more.
                if (model.has(keyAt(one.group, number))) continue;
                tx.put(keyAt(one.group, number), value);
                model.set(keyAt(one.group, number), value);
              }
            }
            if (one.kind === "pack") {
              for (let range = everything, next: Key | undefined = ""; next !== undefined; range = { ...range, start: next ?? "" }) {
                next = packed.pack(tx, { range, isCold: (_, value) => value.at < one.cold });
              }
            }
            if (one.kind === "drop") {
              const range = { start: lines.range(one.group).start, end: lines.key(one.group, one.before) };
              while (packed.drop(tx, range, 3));
              // What is in a block with later ones goes with them.
              const left = new Set(packed.scan(tx, everything).map(([key]) => key));
              for (const key of [...model.keys()]) if (!left.has(key)) model.delete(key);
            }
            if (one.kind === "remove") {
              packed.remove(tx, lines.range(one.group), (value) => value.at % 2 === 0);
              for (const [key, value] of [...model]) if (key.startsWith(lines.key(one.group)) && value.at % 2 === 0) model.delete(key);
            }
            const all = [...model].sort(([a], [b]) => compareKeys(a, b));
            expect(packed.scan(tx, everything)).toEqual(all);
            expect(packed.scan(tx, everything, { reverse: true })).toEqual(all.toReversed());
            for (const [name, low, high, reverse, limit] of scans) {
              const range = { start: keyAt(name, low), end: keyAt(name, high) };
              const expected = all.filter(([key]) => compareKeys(key, range.start) >= 0 && compareKeys(key, range.end) < 0);
              expect(packed.scan(tx, range, { reverse, limit })).toEqual((reverse ? expected.toReversed() : expected).slice(0, limit));
              expect(packed.get(tx, keyAt(name, low))).toEqual(model.get(keyAt(name, low)));
            }
          }
        });
      },
    ),
    { numRuns: 60 },
  );
});

test("what is dropped lies before the bound, and nothing that lies before it stays but with later ones in its block", async () => {
  await store.transact((tx) => {
    packed.remove(tx, everything);
    for (let number = 0; number < 100; number++) tx.put(keyAt("a", number), { at: number, text: "" });
    packed.pack(tx, { range: everything, isCold: (_, value) => value.at < 20 });
    packed.pack(tx, { range: { ...everything, start: keyAt("a", 20) }, isCold: (_, value) => value.at < 40 });
    while (packed.drop(tx, { start: everything.start, end: lines.key("a", 30) }, 3));
    expect(packed.scan(tx, everything).map(([, value]) => value.at)[0]).toBe(20);
    while (packed.drop(tx, { start: everything.start, end: lines.key("a", 50) }, 3));
    expect(packed.scan(tx, everything).map(([, value]) => value.at)[0]).toBe(50);
  });
});

const putAll = (tx: Transaction, texts: readonly string[]): void => {
  packed.remove(tx, everything);
  for (const [at, text] of texts.entries()) tx.put(keyAt("a", at), { at, text });
  for (let range = everything, next: Key | undefined = ""; next !== undefined; range = { ...range, start: next ?? "" }) {
    next = packed.pack(tx, { range, isCold: () => true });
  }
  expect(packed.scan(tx, everything).map(([, { at }]) => at)).toEqual(texts.map((_, at) => at));
};

test("Q4: a block fills a page as far as it goes", async () => {
  await store.transact((tx) => {
    putAll(
      tx,
      Array.from({ length: 1_500 }, (_, at) => createHash("sha256").update(`${at}`).digest("hex")),
    );
    const lengths = tx.scan(blocks.range()).map(([, block]) => bodyOf(JSON.stringify(block)).length + 4 + 16);
    expect(lengths.length).toBeGreaterThan(5);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(pageBytes);
    expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThan(pageBytes * 0.8);
  });
});

test("Q4: records that are too long for that share a block all the same", async () => {
  await store.transact((tx) => {
    putAll(
      tx,
      Array.from({ length: 20 }, () => randomBytes(2_000).toString("hex")),
    );
    expect(tx.keys(blocks.range())).toHaveLength(1);
  });
});
