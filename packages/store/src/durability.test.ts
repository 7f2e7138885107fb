import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keyOf, openStore, rangeOf } from "./index.ts";

const child = join(import.meta.dirname, "durability.child.ts");
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "store-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the writer until `stop` says so, and `laterMs` more; resolves with the numbers it acknowledged and how it ended. */
async function runWriter(command: ChildProcess, stop: (acked: number) => boolean, laterMs = 0) {
  const acked: number[] = [];
  let errors = "";
  command.stderr?.on("data", (chunk) => (errors += chunk));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => command.once("close", (code, signal) => resolve(signal ?? code)));
  for await (const line of createInterface({ input: command.stdout as NodeJS.ReadableStream })) {
    if (line.startsWith("acked ")) acked.push(Number(line.slice(6)));
    if (stop(acked.length)) setTimeout(() => command.kill("SIGKILL"), laterMs);
  }
  return { acked, ending: await ended, errors };
}

async function expectWhole(acked: readonly number[]): Promise<void> {
  const store = await openStore({ folder, onFailure: (error) => expect.fail(error.message) });
  const [a, b] = [store.scan(rangeOf("a")).length, store.scan<number>(rangeOf("b")).map(([, value]) => value)];
  await store.close();
  expect(a).toBe(b.length);
  // S4: a prefix of the order in which they ran, so no number is missing below the highest.
  expect(b).toEqual(b.map((_, index) => index + 1));
  expect(b.length).toBeGreaterThanOrEqual(acked.reduce((most, one) => Math.max(most, one), 0));
}

test("S1, S3, S4: after kill -9 at any moment, all that was acknowledged is there and nothing is half there", {
  timeout: 60_000,
}, async () => {
  const all: number[] = [];
  for (let round = 0; round < 8; round++) {
    // An acknowledgement comes right after a flush, so the kill comes some milliseconds later each time: in the midst of one too.
    const { acked, ending } = await runWriter(spawn(process.execPath, [child, folder]), (count) => count >= 40 + round * 97, round);
    expect(ending).toBe("SIGKILL");
    all.push(...acked);
    await expectWhole(all);
  }
});

test("S6: when the disk takes no more, the process stops, and what it acknowledged is there", { timeout: 60_000 }, async () => {
  // A limit on the size of files stands in for a full disk; the signal that comes with it is ignored, so that the write itself fails.
  const limited = spawn("bash", ["-c", `trap '' XFSZ; ulimit -f 4096; exec "$0" "$@"`, process.execPath, child, folder, "20000"]);
  const { acked, ending, errors } = await runWriter(limited, () => false);
  expect({ ending, errors }).toMatchObject({ ending: 3, errors: expect.stringMatching(/Failed: a flush to disk failed: (EIO|EFBIG), /) });
  expect(errors).not.toMatch(/Commit failed|Node\.js v/);
  expect(acked.length).toBeGreaterThan(10);
  await expectWhole(acked);
});

/** What opening and reading the folder's file says after `damage`, in a process of its own, lest LMDB take this one along. */
async function readDamaged(damage: (file: Buffer) => Buffer): Promise<{ ending: unknown; output: string }> {
  const store = await openStore({ folder, onFailure: (error) => expect.fail(error.message) });
  await store.transact((tx) => {
    for (let i = 0; i < 2000; i++) tx.put(keyOf("a", i), "x".repeat(200));
  });
  await store.close();
  const path = join(folder, "store.mdb");
  writeFileSync(path, damage(readFileSync(path)));
  const reader = spawn(process.execPath, [join(import.meta.dirname, "damage.child.ts"), folder]);
  let output = "";
  for (const stream of [reader.stdout, reader.stderr]) stream.on("data", (chunk) => (output += chunk));
  const ending = await new Promise((resolve) => reader.once("close", (code, signal) => resolve(signal ?? code)));
  return { ending, output };
}

test.each([
  {
    name: "a file of something else",
    damage: (file: Buffer) => Buffer.alloc(file.length, 7),
    says: /at byte 24 its magic is 7070707, expected beefc0de/,
  },
  {
    name: "a file cut off after its first bytes",
    damage: (file: Buffer) => file.subarray(0, 100),
    says: /it has 100 bytes, expected at least 16384/,
  },
  { name: "a file cut in half", damage: (file: Buffer) => file.subarray(0, file.length / 2), says: /Damaged/ },
  { name: "pages of zeros", damage: (file: Buffer) => file.fill(0, 8192 * 4, 8192 * 40), says: /Damaged/ },
  { name: "one bit of a value turned over", damage: flipValueBit, says: /Damaged: value under .* has 206 bytes that fail their checksum/ },
])("S8: $name is told, not served", async ({ damage, says }) => {
  const { ending, output } = await readDamaged(damage);
  expect({ ending, output }).toEqual({ ending: 4, output: expect.stringMatching(says) });
});

function flipValueBit(file: Buffer): Buffer {
  // In every copy: pages that are no longer in use hold older ones.
  for (let at = file.indexOf("x".repeat(200)); at >= 0; at = file.indexOf("x".repeat(200), at + 1)) file[at + 100] = 0x7c;
  return file;
}

test("a key longer than the store can hold is refused with its length", async () => {
  const store = await openStore({ folder, onFailure: () => {} });
  await expect(store.transact((tx) => tx.put(keyOf("k".repeat(5000)), 1))).rejects.toThrow(/key has 5001 bytes, expected at most 4026/);
  await store.close();
});
