/** S11: what a start makes of a file that is not what was written. */
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keyOf, openStore } from "./index.ts";

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

test("RELIABILITY 14: whatever the store makes is its owner's alone", async () => {
  await grow();
  for (const name of readdirSync(folder)) expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
});
