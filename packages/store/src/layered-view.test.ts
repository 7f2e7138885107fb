import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, openDatabase, writeAll } from "./database.ts";
import { compareKeys, keyOf } from "./key.ts";
import { layeredView } from "./layered-view.ts";
import { Overlay } from "./overlay.ts";

let folder: string;
let db: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "layers-"));
  db = await openDatabase(folder);
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = fc.nat({ max: 9 });
/** Writes of one layer: a number under a key, or a deletion. */
const writes = fc.array(fc.tuple(at, fc.option(fc.nat({ max: 99 }))), { maxLength: 8 });

function layerOf(layer: readonly (readonly [number, number | null])[]): Overlay {
  const overlay = new Overlay();
  for (const [key, value] of layer) overlay.set(keyOf("m", key), value === null ? null : JSON.stringify(value));
  return overlay;
}

test("LV1, LV2: gets and scans under layers agree with one map that all of them were written to", async () => {
  let flushes = 0;
  await fc.assert(
    fc.asyncProperty(writes, fc.array(writes, { maxLength: 3 }), at, at, fc.boolean(), fc.nat({ max: 12 }), async (...given) => {
      const [disk, oldestFirst, low, high, reverse, limit] = given;
      const everyKey = layerOf(Array.from({ length: 10 }, (_, key) => [key, null]));
      await writeAll(db, ++flushes, everyKey);
      await writeAll(db, ++flushes, layerOf(disk));
      db.resetReadTxn();
      const view = layeredView(db, [undefined, ...oldestFirst.map(layerOf).reverse()]);
      const model = new Map<string, number>();
      for (const [key, value] of [disk, ...oldestFirst].flat()) {
        if (value === null) model.delete(keyOf("m", key));
        else model.set(keyOf("m", key), value);
      }
      const range = { start: keyOf("m", low), end: keyOf("m", high) };
      const inRange = [...model]
        .filter(([key]) => compareKeys(key, range.start) >= 0 && compareKeys(key, range.end) < 0)
        .sort(([a], [b]) => compareKeys(a, b));
      const expected = (reverse ? inRange.reverse() : inRange).slice(0, limit);
      expect(view.get(keyOf("m", low))).toBe(model.get(keyOf("m", low)));
      expect(view.scan(range, { reverse, limit })).toEqual(expected);
      expect(view.keys(range, { reverse, limit })).toEqual(expected.map(([key]) => key));
    }),
  );
});
