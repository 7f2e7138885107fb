import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "@serverlesspresso/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kinds } from "../record-kinds.ts";
import { createUsedSignatures } from "./used-signatures.ts";

const windowMs = 15 * 60_000;
let nowMs: number;
let folder: string;
let store: Store;
beforeEach(async () => {
  nowMs = 1_000_000;
  folder = mkdtempSync(join(tmpdir(), "used-signatures-"));
  store = await openStore({ folder, onFailure: () => {} });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const open = (mostUsed?: number) => createUsedSignatures({ store, wallClockMs: () => nowMs, ...(mostUsed !== undefined && { mostUsed }) });
const held = (): number => store.scan(kinds.signature.range()).length;

test("RELIABILITY 40: of 10,000 changing calls in 15 minutes each is refused after a restart; later none is held", async () => {
  const used = open();
  const names = Array.from({ length: 10_000 }, (_, n) => `signature ${n}`);
  await Promise.all(
    names.map((name) => {
      expect(used.take(name, true, nowMs + windowMs)).toBe(true);
      return used.keep(name);
    }),
  );
  expect(held()).toBe(10_000);
  const after = open();
  expect(names.filter((name) => after.take(name, false, nowMs + windowMs))).toEqual([]);
  nowMs += windowMs + 1;
  expect(after.take("later", true, nowMs + windowMs)).toBe(true);
  await after.keep("later");
  expect(held()).toBe(1);
});

test("RELIABILITY 40: more than are known at most push out the oldest, on disk as in memory", async () => {
  const used = open(100);
  for (let n = 0; n < 150; n++) {
    used.take(`signature ${n}`, true, nowMs + windowMs);
    await used.keep(`signature ${n}`);
  }
  expect(held()).toBe(100);
});

test("RELIABILITY 40: a call that only reads writes nothing, and is known until the process ends", () => {
  expect([open().take("read", true, nowMs + windowMs), held()]).toEqual([true, 0]);
  const used = open();
  expect([used.take("read", true, nowMs + windowMs), used.take("read", true, nowMs + windowMs)]).toEqual([true, false]);
});

test("US2: one that is noted with what its call changes is there with it, and not where that is undone", async () => {
  const used = open();
  for (const name of ["done", "undone"]) used.take(name, true, nowMs + windowMs);
  await store.transact((tx) => used.note(tx, "done"));
  await expect(
    store.transact((tx) => {
      used.note(tx, "undone");
      throw new Error("refused");
    }),
  ).rejects.toThrow("refused");
  expect(held()).toBe(1);
  await used.keep("undone");
  expect(held()).toBe(2);
});

test("US4: what memory forgot is deleted, also where the transaction that was to do so is undone", async () => {
  const used = open(1);
  used.take("first", true, nowMs + windowMs);
  await used.keep("first");
  used.take("second", true, nowMs + windowMs);
  await expect(
    store.transact((tx) => {
      used.note(tx, "second");
      throw new Error("refused");
    }),
  ).rejects.toThrow("refused");
  await used.keep("second");
  expect(held()).toBe(1);
});
