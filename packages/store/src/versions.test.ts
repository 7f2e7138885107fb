import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bringUpToDate, defineKind, type Kind, openStore, type Store } from "./index.ts";

const given = { owner: "test", kept: "for good" } as const;
const first = defineKind({ ...given, prefix: "vcup", holds: "cups" });
const other = defineKind({ ...given, prefix: "vjar", holds: "jars" });
interface Cup {
  readonly size: number;
  readonly changes: number;
}
/** The same kind in a later release; `stopAfter` records its process dies. */
const later = (version: number, stopAfter = Number.POSITIVE_INFINITY): Kind => {
  let left = stopAfter;
  const migrations = [2, 3].map((to) => ({
    to,
    says: `sizes times ${to}`,
    change(tx: Parameters<NonNullable<Kind["migrations"]>[number]["change"]>[0], key: string, value: unknown) {
      if (left-- <= 0) throw new Error("killed");
      const { size, changes } = value as Cup;
      tx.put(key, { size: size * to, changes: changes + 1 } satisfies Cup);
      return true;
    },
  }));
  return { ...first, version, migrations };
};

let folder: string;
let store: Store;
const reopen = async (): Promise<void> => {
  await store.close();
  store = await openStore({ folder, onFailure: () => {} });
};
const update = async (...kinds: Kind[]): Promise<string[]> => {
  const told: string[] = [];
  await bringUpToDate(store, (line) => told.push(line), kinds);
  return told;
};
const cups = (): Cup[] => store.scan<Cup>(first.range()).map(([, cup]) => cup);
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "versions-"));
  store = await openStore({ folder, onFailure: () => {} });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("V2: a migration changes each record once, says so, and goes on after its process was killed", async () => {
  expect(await update(first, other)).toEqual([]);
  await store.transact((tx) => {
    for (let n = 0; n < 500; n++) tx.put(first.key(n), { size: n, changes: 0 } satisfies Cup);
  });
  await expect(update(later(3, 450), other)).rejects.toThrow("killed");
  await reopen();
  await expect(update(later(3, 300), other)).rejects.toThrow("killed");
  await reopen();
  expect(await update(later(3), other)).toEqual(["cups: sizes times 3 (version 3, 500 records)"]);
  expect(cups()).toEqual(Array.from({ length: 500 }, (_, n) => ({ size: 6 * n, changes: 2 })));
  expect(await update(later(3), other)).toEqual([]);
  expect(cups().every(({ changes }) => changes === 2)).toBe(true);
});

test("V1: records in a version or of a kind that this release does not know are named, and nothing is touched", async () => {
  await store.transact((tx) => tx.put(first.key(1), { size: 1, changes: 0 }));
  await update(later(2), other);
  await reopen();
  await expect(update(first, other)).rejects.toMatchObject({
    code: "NewerVersion",
    message: "store has cups in version 2, this release reads up to 1; start a newer release",
  });
  await expect(update(later(2))).rejects.toMatchObject({
    code: "NewerVersion",
    message: 'store has records "vjar", this release knows none; start a newer release',
  });
  expect(cups()).toEqual([{ size: 2, changes: 1 }]);
});
