import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyOf, openStore } from "./index.ts";
import { createKnownTexts } from "./known-texts.ts";
import { Overlay } from "./overlay.ts";

test("KT1: a flush replaces and removes what was known, and adds nothing", () => {
  const known = createKnownTexts();
  for (const key of ["a", "b", "c"]) known.read(key, `"${key}"`);
  const batch = new Overlay();
  batch.set("a", "1");
  batch.set("b", null);
  batch.set("d", "2");
  known.flushed(batch);
  expect(["a", "b", "c", "d"].map(known.get)).toEqual(["1", undefined, '"c"', undefined]);
});

test("KT2: it forgets all beyond its bound, and never holds a long value", () => {
  const known = createKnownTexts();
  const text = JSON.stringify("x".repeat(3_000));
  for (let at = 0; at < 1_000; at++) known.read(`key-${at}`, text);
  const held = Array.from({ length: 1_000 }, (_, at) => known.get(`key-${at}`)).filter((each) => each !== undefined);
  expect(held.length).toBeGreaterThan(0);
  expect(held.length * text.length).toBeLessThan(2_010_000);
  known.read("key-999", JSON.stringify("x".repeat(10_000)));
  expect(known.get("key-999")).toBeUndefined();
});

const keys = Array.from({ length: 4 }, (_, at) => keyOf("k", at));
/** A transaction: reads all, writes some, or deletes them; then perhaps a wait for the flush. */
const steps = fc.array(
  fc.record({
    writes: fc.array(fc.tuple(fc.nat({ max: 3 }), fc.option(fc.nat({ max: 99 })))),
    isFlushed: fc.boolean(),
    fails: fc.boolean(),
  }),
  { maxLength: 12 },
);

test("KT1: transactions read what was written last, whatever is flushed between them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "known-"));
  const onFailure = (error: Error): void => {
    throw error;
  };
  const store = await openStore({ folder, onFailure });
  try {
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        await store.transact((tx) => {
          for (const key of keys) tx.delete(key);
        });
        const expected = new Map<string, number>();
        for (const { writes, isFlushed, fails } of given) {
          const ran = store.transact((tx) => {
            expect(keys.map((key) => tx.get(key))).toEqual(keys.map((key) => expected.get(key)));
            for (const [at, value] of writes) value === null ? tx.delete(keys[at] ?? "") : tx.put(keys[at] ?? "", value);
            if (fails) throw new RangeError("undone");
          });
          const settled = ran.catch((error: unknown) => expect(error).toBeInstanceOf(RangeError));
          if (!fails)
            for (const [at, value] of writes) value === null ? expected.delete(keys[at] ?? "") : expected.set(keys[at] ?? "", value);
          if (isFlushed) await settled;
        }
        await store.flush();
        expect(keys.map((key) => store.get(key))).toEqual(keys.map((key) => expected.get(key)));
      }),
      { numRuns: 60 },
    );
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
