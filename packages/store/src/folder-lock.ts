/**
 * One folder, one process.
 *
 * L1. The lock lies on a file in the folder, held by the operating system: whatever path, link or mount leads to the folder, or
 *     which container, it is the same lock.
 * L2. It ends with its holder, however that ends, so none is ever stale.
 * L3. A process that has the store's file open for writing holds the folder too, whatever became of the lock's file (on Linux, among the
 *     processes that this one may look at).
 * L4. Who is refused learns who holds it: pid, host, since when.
 */
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { storeFile } from "./database.ts";
import { expectEntries } from "./entries.ts";
import { StoreError } from "./errors.ts";
import { writerOf } from "./writers.ts";

/** Empty. Node offers no lock on a file; SQLite's exclusive transaction is one. */
const lockFile = "lock";
/** Beside the lock, because who closes a locked file gives up the process's locks on it. */
const holderFile = "lock-holder.json";

/** Both names. */
export const lockFiles: readonly string[] = [lockFile, holderFile];

/** Who holds a folder. `since` is an instant in ISO 8601. */
interface FolderHolder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/**
 * Takes the folder for this process until the returned function is called.
 * @throws {StoreError} `InUse`, `Unreadable`
 */
export function lockFolder(folder: string): () => void {
  expectEntries(folder, { [lockFile]: "a file", [holderFile]: "a file" });
  const path = join(folder, lockFile);
  const lock = take(path, folder);
  chmodSync(path, 0o600);
  const writer = writerOf(join(folder, storeFile));
  if (writer !== undefined) {
    lock.close();
    throw new StoreError("InUse", `${inUse(folder, writer)}. Its file "${lockFile}" was removed while it ran`);
  }
  const holder: FolderHolder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  try {
    writeFileSync(join(folder, holderFile), JSON.stringify(holder), { mode: 0o600 });
  } catch {
    // A full disk: the lock holds all the same, only its holder has no name.
  }
  return () => {
    rmSync(join(folder, holderFile), { force: true });
    lock.close();
  };
}

function take(path: string, folder: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path, { timeout: 0 });
    // Nothing is ever written, so no journal comes to lie beside it.
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return lock;
  } catch (cause) {
    lock?.close();
    if (isBusy(cause)) throw new StoreError("InUse", inUse(folder), { cause });
    throw new StoreError(
      "Unreadable",
      `lock "${path}": ${(cause as Error).message}; expected an empty file this user can read and write, on a disk that knows file locks`,
      {
        cause,
      },
    );
  }
}

function isBusy(error: unknown): boolean {
  // SQLITE_BUSY; its extended codes lie in the higher bytes.
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;
}

/** @param writer the process, where it is known otherwise than by its name */
function inUse(folder: string, writer?: number): string {
  const holder = readHolder(folder);
  const isNamed = holder !== undefined && (writer === undefined || writer === holder.pid);
  const who = !isNamed
    ? writer === undefined
      ? "another process"
      : `process ${writer}`
    : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  return `data folder "${folder}" is in use by ${who}; stop that one first or choose another --data`;
}

function readHolder(folder: string): FolderHolder | undefined {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(join(folder, holderFile), "utf8")) as Partial<FolderHolder>;
    return typeof pid === "number" && typeof host === "string" && typeof since === "string" ? { pid, host, since } : undefined;
  } catch {
    return undefined;
  }
}
