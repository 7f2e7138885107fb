/**
 * `inspect-file.ts FILE [COPY]`: reads all of a store's file, or copies it and reads the copy, and prints what it found. A process
 * of its own (`inspect.ts`), because LMDB ends the one that meets a torn page. Leaves FILE as it is.
 */
import { chmodSync, closeSync, openSync, rmSync } from "node:fs";
import { checkFlushes, checksumBytes, type Database, isVerified, openReadOnly, reading } from "./database.ts";
import { StoreError } from "./errors.ts";
import { headChecksum } from "./file-check.ts";
import { checkPages } from "./page-check.ts";
import { readWitness } from "./witness.ts";

/** What it prints. `damaged` are the values that fail their checksum; the others are counted, `bytes` without their checksums. */
export interface FileContents {
  values: number;
  bytes: number;
  readonly damaged: { readonly key: string; readonly bytes: number }[];
}

// What LMDB makes is its owner's alone.
process.umask(0o077);
const [file = "", copy] = process.argv.slice(2);
try {
  // Read first: a bar that runs goes on, so that what is read later holds at least as many changes.
  const acknowledged = readWitness(file)?.flushes;
  await checkBesideWriter(file);
  if (copy !== undefined) await copyFile(file, copy);
  process.stdout.write(JSON.stringify(await readFile(copy ?? file, acknowledged)));
} catch (error) {
  const { message } = error as Error;
  process.stderr.write(`\n${copy === undefined ? message : message.replaceAll(copy, file)}`);
  process.exitCode = error instanceof StoreError ? 4 : 1;
}

/** Walks the pages before LMDB does. A bar that writes meanwhile uses pages anew, unless a reader keeps it from that. */
async function checkBesideWriter(path: string): Promise<void> {
  const before = headOf(path);
  try {
    checkPages(path);
  } catch (error) {
    if (headOf(path) === before) throw error;
    await whileOpen(path, (db) => {
      const reader = reading("", () => db.useReadTransaction());
      checkPages(path);
      reader.done();
    });
  }
}

function headOf(path: string): number | undefined {
  const file = openSync(path, "r");
  try {
    return headChecksum(file);
  } finally {
    closeSync(file);
  }
}

/** A consistent, compacted copy of what is durable; the file may be written meanwhile. */
async function copyFile(from: string, to: string): Promise<void> {
  await whileOpen(from, async (db) => {
    try {
      await db.backup(to, true);
    } catch {
      // Compacting refuses a file with uncounted pages; it can still be copied unchanged.
      rmSync(to, { force: true });
      await db.backup(to, false);
    }
  });
  chmodSync(to, 0o600);
  checkPages(to);
}

/** @param acknowledged how many changes it has to hold, as far as a witness tells */
async function readFile(path: string, acknowledged: number | undefined): Promise<FileContents> {
  const found: FileContents = { values: 0, bytes: 0, damaged: [] };
  await whileOpen(path, (db) => {
    reading("", () => {
      for (const { key, value } of db.getRange({ snapshot: false })) {
        const name = key.toString("utf8");
        if (!isVerified(name, value)) {
          found.damaged.push({ key: name, bytes: value.length });
          continue;
        }
        found.bytes += value.length - checksumBytes;
        found.values += 1;
      }
    });
    checkFlushes(db, file, acknowledged);
  });
  return found;
}

async function whileOpen(path: string, use: (db: Database) => void | Promise<void>): Promise<void> {
  const db = openReadOnly(path);
  try {
    await use(db);
  } finally {
    await db.close();
  }
}
