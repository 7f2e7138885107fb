/**
 * `inspect-file.ts FILE [COPY]`: reads all of a store's file, or copies it and reads the copy, and prints what it found. A process
 * of its own (`inspect.ts`), because LMDB ends the one that meets a torn page.
 */
import { chmodSync, rmSync } from "node:fs";
import { openReadOnly, reading, verifiedBody } from "./database.ts";
import { StoreError } from "./errors.ts";
import { checkFile } from "./file-check.ts";
import { checkPages } from "./page-check.ts";

// What LMDB makes is its owner's alone.
process.umask(0o077);
const [file = "", copy] = process.argv.slice(2);
try {
  if (copy !== undefined) await copyFile(file, copy);
  process.stdout.write(JSON.stringify(await readFile(copy ?? file)));
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  process.stderr.write(`\n${error.message}`);
  process.exitCode = 4;
}

/** A consistent, compacted copy of what is durable; the file may be written meanwhile. */
async function copyFile(from: string, to: string): Promise<void> {
  const db = openReadOnly(from);
  try {
    await db.backup(to, true);
  } catch {
    // Compacting refuses a file with pages that nobody counts; as it is, it can still be copied.
    rmSync(to, { force: true });
    await db.backup(to, false);
  } finally {
    await db.close();
  }
  chmodSync(to, 0o600);
}

async function readFile(path: string): Promise<{ values: number; bytes: number }> {
  checkFile(path);
  checkPages(path);
  const db = openReadOnly(path);
  const found = { values: 0, bytes: 0 };
  reading("", () => {
    for (const { key, value } of db.getRange({})) {
      found.bytes += verifiedBody(key.toString("utf8"), value).length;
      found.values += 1;
    }
  });
  await db.close();
  return found;
}
