/** S11: what a start makes of a file that is not what was written. */
import { spawn } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { copyStore, keyOf, openStore, surveyStore } from "./index.ts";
import { isUntouched, readWitness } from "./witness.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "store-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The folder's file as it is, and as it becomes while pages that it no longer needs are written again. */
async function grow(): Promise<{ early: Buffer; late: Buffer }> {
  const store = await openStore({ folder, onFailure: (error) => expect.fail(error.message) });
  const write = async (rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      await store.transact((tx) => {
        for (let i = round; i < 600; i += 7) tx.put(keyOf("a", i), "x".repeat(200));
      });
    }
  };
  await write(10);
  const early = readFileSync(join(folder, "store.mdb"));
  await write(10);
  await store.close();
  return { early, late: readFileSync(join(folder, "store.mdb")) };
}

test("S11: a copy of a running bar's file, whose head is older than its pages, is told", async () => {
  const { early, late } = await grow();
  writeFileSync(join(folder, "store.mdb"), Buffer.concat([early.subarray(0, 8192 * 2), late.subarray(8192 * 2)]));
  rmSync(join(folder, "store.mdb-witness"));
  await expect(openStore({ folder, onFailure: () => {} })).rejects.toMatchObject({
    code: "Damaged",
    message: expect.stringMatching(/store\.mdb" is damaged: page \d+ is of change \d+, expected at most \d+; restore the data folder/),
  });
});

test("S11: what ends the process that reads it is told in words", async () => {
  await grow();
  rmSync(join(folder, "store.mdb-witness"));
  vi.stubEnv("NODE_OPTIONS", "--import=data:text/javascript,process.kill(process.pid,'SIGSEGV')");
  await expect(openStore({ folder, onFailure: () => {} })).rejects.toMatchObject({
    code: "Damaged",
    message: expect.stringMatching(
      /store\.mdb" is torn, .*: reading it ended with SIGSEGV; restore the data folder from a backup \(npm run/,
    ),
  });
  vi.unstubAllEnvs();
});

test("S11: an older file in place of the last one is told, and can be started on by a decision", async () => {
  const { early } = await grow();
  writeFileSync(join(folder, "store.mdb"), early);
  await expect(openStore({ folder, onFailure: () => {} })).rejects.toThrow(
    /it ends with change 10, though change 20 was acknowledged: .* remove ".*store\.mdb-witness"; restore/,
  );
  rmSync(join(folder, "store.mdb-witness"));
  await (await openStore({ folder, onFailure: () => {} })).close();
});

test("S11: an empty store whose witness knows of changes is told, and a refused start leaves it as it was", async () => {
  const { late } = await grow();
  const path = join(folder, "store.mdb");
  for (const bytes of [0, 16_384]) {
    writeFileSync(path, late.subarray(0, bytes));
    await expect(openStore({ folder, onFailure: () => {} })).rejects.toMatchObject({ code: "Damaged" });
    expect(readFileSync(path).equals(late.subarray(0, bytes))).toBe(true);
    await expect(copyStore(folder, join(folder, "copy.mdb"))).rejects.toMatchObject({ code: "Damaged" });
  }
  rmSync(path);
  await expect(openStore({ folder, onFailure: () => {} })).rejects.toThrow(
    /store\.mdb" is damaged: it is empty or missing, though change 20 was acknowledged\. To begin with nothing, remove ".*-witness"/,
  );
  expect(existsSync(path)).toBe(false);
});

/** What is refused, and the words for it; each reader of a store gives the same. */
test.each<{ what: string; spoil: (late: Buffer, early: Buffer) => Buffer; says: RegExp; isUnwitnessed?: true }>([
  { what: "a text", spoil: () => Buffer.from("hello world"), says: /it has 11 bytes, expected at least 16384/ },
  { what: "nothing", spoil: () => Buffer.alloc(0), says: /it has 0 bytes, expected|it is empty or missing/ },
  { what: "zeros", spoil: (late) => Buffer.alloc(late.length), says: /its magic is 0, expected beefc0de/ },
  { what: "cut in its second page", spoil: (late) => late.subarray(0, 8193), says: /it has 8193 bytes/ },
  { what: "cut after its heads", spoil: (late) => late.subarray(0, 16_384), says: /page \d+ names itself 0/ },
  { what: "older than its witness", spoil: (_, early) => early, says: /it ends with change 10, though change 20 was acknowledged/ },
  { what: "changed in a value", spoil: (late) => flipValue(late), says: /fail their checksum/, isUnwitnessed: true },
])("S11: start, backup and survey refuse a store that is $what, in the same words", async ({ spoil, says, isUnwitnessed }) => {
  const { early, late } = await grow();
  const path = join(folder, "store.mdb");
  const spoiled = spoil(late, early);
  rmSync(path);
  writeFileSync(path, spoiled);
  if (isUnwitnessed) rmSync(join(folder, "store.mdb-witness"));
  for (const use of [
    () => surveyStore(folder),
    () => copyStore(folder, join(folder, "copy.mdb")),
    () => openStore({ folder, onFailure: () => {} }),
  ]) {
    const error = await use().then(
      () => "no error",
      ({ message }: Error) => message,
    );
    expect(error).toMatch(says);
    expect(error).not.toMatch(/copy\.mdb|SIG|MDB_/);
  }
  expect(readFileSync(path).equals(spoiled)).toBe(true);
});

/** One bit of a record's text. */
function flipValue(file: Buffer): Buffer {
  const flipped = Buffer.from(file);
  for (let at = flipped.indexOf("xxxxxxxx"); at >= 0; at = flipped.indexOf("xxxxxxxx", at + 8)) flipped[at] = 0x79;
  return flipped;
}

/** Starts again as an operator would, until the file is read or refused; a process may die of it, but not for ever. */
async function startUntilTold(at: string): Promise<string> {
  for (let start = 0; start < 3; start++) {
    const { status, stdout } = await run(join(import.meta.dirname, "damage.child.ts"), at);
    if (status !== null) return stdout.trim();
  }
  return "a crash loop without words";
}

async function run(...args: string[]): Promise<{ status: number | null; stdout: string }> {
  const reader = spawn(process.execPath, args);
  let stdout = "";
  reader.stdout.on("data", (chunk) => (stdout += chunk));
  const status = await new Promise<number | null>((resolve) => reader.once("close", resolve));
  return { status, stdout };
}

/** Bits of a head: its trees' roots, depth, entries, the last page, what no reader needs. */
const headBits = [136 * 8, 88 * 8, 102 * 8, 128 * 8, 144 * 8 + 5, 40 * 8];

test("RELIABILITY G4, small: one bit turned over anywhere is told or makes no difference", { timeout: 120_000 }, async () => {
  const { late } = await grow();
  const newest = late.readBigUInt64LE(152) > late.readBigUInt64LE(8192 + 152) ? 0 : 8192;
  // The one that makes LMDB go by the head before.
  const number = late[newest + 152] ?? 0;
  const older = (newest + 152) * 8 + [1, 2, 3, 4, 5].findIndex((bit) => (number & (1 << bit)) !== 0) + 1;
  const inPages = [0, 1, 2, 3].map((index) => (8192 * 2 + index * 29_989) * 8 + index);
  const outcomes = new Map<number, string>();
  for (const bit of [older, ...headBits.map((bit) => newest * 8 + bit), ...inPages]) {
    const place = join(folder, `flipped-${bit}`);
    mkdirSync(place);
    copyFileSync(join(folder, "store.mdb-witness"), join(place, "store.mdb-witness"));
    const damaged = Buffer.from(late);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(join(place, "store.mdb"), damaged);
    outcomes.set(bit, await startUntilTold(place));
  }
  expect(new Set([...outcomes.values()].filter((outcome) => !/^Damaged: /.test(outcome)))).toEqual(new Set(["read 600 values"]));
  expect(outcomes.get(older)).toMatch(/though change 20 was acknowledged|is of change/);
});

/** The page of a leaf, and where in it: its head is flags, where its room begins and where that ends. */
test.each([
  { what: "the change it is of", byte: 13 },
  { what: "how many nodes it has", byte: 21 },
  { what: "where its room ends", byte: 23 },
  { what: "where its first node is", byte: 25 },
])("S11: a store that was closed in order and damaged since is told at the first start: $what", async ({ byte }) => {
  const { late } = await grow();
  const path = join(folder, "store.mdb");
  const newest = late.readBigUInt64LE(152) > late.readBigUInt64LE(8192 + 152) ? 0 : 8192;
  const root = Number(late.readBigUInt64LE(newest + 136));
  const damaged = Buffer.from(late);
  damaged[root * 8192 + byte] = (damaged[root * 8192 + byte] ?? 0) ^ 0x80;
  writeFileSync(path, damaged);
  const { status, stdout } = await run(join(import.meta.dirname, "damage.child.ts"), folder);
  expect(status).toBe(4);
  expect(stdout).toMatch(new RegExp(`Damaged: .*page ${root} (is of change|has a node|has room)`));
  expect(readFileSync(path).equals(damaged)).toBe(true);
});

test("RELIABILITY 14: whatever the store makes is its owner's alone", async () => {
  await grow();
  for (const name of readdirSync(folder)) expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
});

test("W3: a file is untouched from its orderly close to whatever writes to it next, be it at the same instant", async () => {
  const path = join(folder, "store.mdb");
  const untouched = (): boolean => isUntouched(path, readWitness(path));
  await grow();
  expect(untouched()).toBe(true);
  const store = await openStore({ folder, onFailure: (error) => expect.fail(error.message) });
  expect(untouched()).toBe(false);
  await store.transact((tx) => tx.put(keyOf("b"), 1));
  await store.close();
  expect(untouched()).toBe(true);
  const file = openSync(path, "r+");
  for (let at = 8192 * 2; at < statSync(path).size; at += 8192) writeSync(file, Buffer.of(0xff), 0, 1, at);
  closeSync(file);
  expect(untouched()).toBe(false);
  await expect(openStore({ folder, onFailure: () => {} })).rejects.toMatchObject({
    code: "Damaged",
    message: expect.stringMatching(/page \d+ names itself/),
  });
});

test("W3: a copy is not untouched", async () => {
  await grow();
  const path = join(folder, "store.mdb");
  copyFileSync(path, `${path}-copy`);
  renameSync(`${path}-copy`, path);
  expect(isUntouched(path, readWitness(path))).toBe(false);
});
