/** LMDB, and how keys and values lie in it: the only file that knows the library. */
import { chmodSync, closeSync, existsSync, fstatSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { open, type RootDatabase } from "lmdb";
import { bodyOf, textOf } from "./compression.ts";
import type { Entries } from "./entries.ts";
import { StoreError } from "./errors.ts";
import { checkFile, damaged, pageBytes, wayOut } from "./file-check.ts";
import { syncFolder } from "./files.ts";
import { flushFailure } from "./flush-failure.ts";
import { type Key, keyOf } from "./key.ts";
import { defineKind } from "./kinds.ts";
import type { Overlay } from "./overlay.ts";
import { witnessPath } from "./witness.ts";

/** The format this release writes. Of 1, records were those of the first releases; 2 has kinds with versions of their own. */
export const formatVersion = 2;

/** LMDB with keys and values as bytes; checksums, compression and JSON are this file's. */
export type Database = RootDatabase<Buffer, Buffer>;

/** Before the body of each value. */
export const checksumBytes = 4;
/** What LMDB makes of it with room for 126 readers, and more. */
const lockBytes = 16_384;
const newSuffix = "-new";
const flushesKey = defineKind({ prefix: "flushes", holds: "the number of the last change", owner: "store", kept: "for good" }).key();

/** The store's file in a data folder. */
export const storeFile = "store.mdb";
/** What the store makes in a data folder for itself. */
export const storeEntries: Entries = { [storeFile]: "a file", [`${storeFile}-lock`]: "a file", [witnessPath(storeFile)]: "a file" };

/** Opens the file in `folder` and makes it if it is missing. @throws {StoreError} `Damaged` */
export async function openDatabase(folder: string): Promise<Database> {
  const path = join(folder, storeFile);
  if (isAbsent(path)) await makeFile(path);
  checkFile(path);
  // Made before LMDB makes them, which would let others read.
  for (const file of [path, `${path}-lock`]) makePrivate(file);
  giveRoom(`${path}-lock`);
  return openFile(path, {});
}

/** Whether there is no store yet. An empty file counts as no store. */
export function isAbsent(path: string): boolean {
  return !existsSync(path) || statSync(path).size === 0;
}

function makePrivate(path: string): void {
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}

/** LMDB writes its lock file through memory: on a full disk, a hole in it ends the process. @throws `ENOSPC` */
function giveRoom(path: string): void {
  const file = openSync(path, "r+");
  try {
    const { size, blocks } = fstatSync(file);
    if (size >= lockBytes && blocks * 512 >= size) return;
    const bytes = Buffer.alloc(Math.max(size, lockBytes));
    readSync(file, bytes, 0, size, 0);
    writeSync(file, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(file);
  }
}

/** Opens a file read-only; another process may write it meanwhile. @throws {StoreError} `Damaged` */
export function openReadOnly(path: string): Database {
  return openFile(path, { readOnly: true });
}

function openFile(path: string, options: { readonly readOnly?: boolean }): Database {
  try {
    // Without overlapping sync, a write's promise means "on disk".
    return open<Buffer, Buffer>({
      path,
      keyEncoding: "binary",
      encoding: "binary",
      overlappingSync: false,
      pageSize: pageBytes,
      ...options,
    });
  } catch (cause) {
    throw new StoreError("Damaged", `store "${path}" does not open: ${(cause as Error).message}; ${wayOut}`, { cause });
  }
}

/** Makes an empty store, so that a file of that name is whole from the first (S1). */
async function makeFile(path: string): Promise<void> {
  const draft = `${path}${newSuffix}`;
  for (const file of [draft, `${draft}-lock`]) rmSync(file, { force: true });
  for (const file of [draft, `${draft}-lock`]) makePrivate(file);
  giveRoom(`${draft}-lock`);
  const db = openFile(draft, {});
  try {
    await markFormat(db, dirname(path));
  } finally {
    await db.close();
    rmSync(`${draft}-lock`, { force: true });
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** Marks a store of an earlier format with ours. @throws {StoreError} `NewerVersion` where a later release wrote it */
export async function checkFormat(db: Database, folder: string): Promise<void> {
  const stored = readValue<{ version: number }>(db, keyOf("format"));
  if (stored !== undefined && stored.version > formatVersion) {
    throw new StoreError(
      "NewerVersion",
      `store has format ${stored.version}, this release reads up to ${formatVersion}; start a newer release`,
    );
  }
  if (stored === undefined || stored.version < formatVersion) await markFormat(db, folder);
}

async function markFormat(db: Database, folder: string): Promise<void> {
  const key = keyOf("format");
  await db.put(Buffer.from(key), encodeValue(key, JSON.stringify({ version: formatVersion }))).catch(async (cause: unknown) => {
    throw await flushFailure(cause, folder);
  });
}

/**
 * How many changes were flushed, as the store itself has it.
 * @param witnessed what its witness has, if any
 * @throws {StoreError} `Damaged` where acknowledged changes are gone
 */
export function checkFlushes(db: Database, path: string, witnessed: number | undefined): number {
  const stored = readValue<number>(db, flushesKey) ?? 0;
  if (witnessed === undefined || witnessed <= stored) return stored;
  throw damaged(
    path,
    `it ends with change ${stored}, though change ${witnessed} was acknowledged: its head is not what was written, or an older file lies there. To go on without what is missing, remove "${witnessPath(path)}"`,
  );
}

/** Call it before a new store is made. @throws {StoreError} `Damaged` if the witness proves that a store was here, so that none is replaced unasked */
export function checkNothingLost(path: string, witnessed = 0): void {
  if (witnessed === 0) return;
  throw damaged(
    path,
    `it is empty or missing, though change ${witnessed} was acknowledged. To begin with nothing, remove "${witnessPath(path)}"`,
  );
}

/** Writes one change with its number. Rejects unless all of it is on disk. */
export function writeAll(db: Database, flushes: number, changes: Pick<Overlay, "forEach">): Promise<boolean> {
  const written = db.batch(() => {
    db.put(Buffer.from(flushesKey), encodeValue(flushesKey, String(flushes)));
    changes.forEach((key, text) => {
      if (text === null) db.remove(Buffer.from(key));
      else db.put(Buffer.from(key), encodeValue(key, text));
    });
  });
  // lmdb begins what it writes in one turn with a write of its own, in the turn or at its end; no caller holds that write's promise, and its
  // rejection would end the process. `committed` is this promise once it was begun.
  const heed = (): void =>
    void db.committed.then(
      () => true,
      () => false,
    );
  heed();
  setImmediate(heed);
  return written;
}

/** `checksumBytes` of CRC-32 over key and body, then the body: the text, compressed where it is long. */
export function encodeValue(key: Key, text: string): Buffer {
  const body = bodyOf(text);
  const buffer = Buffer.allocUnsafe(body.length + checksumBytes);
  body.copy(buffer, checksumBytes);
  buffer.writeUInt32LE(crc32(buffer.subarray(checksumBytes), crc32(key)), 0);
  return buffer;
}

/** @throws {StoreError} `Damaged` where the checksum fails */
export function decodeValue<T>(key: Key, buffer: Buffer): T {
  return JSON.parse(decodeText(key, buffer)) as T;
}

function decodeText(key: Key, buffer: Buffer): string {
  return textOf(verifiedBody(key, buffer));
}

/** What holds the text of a value, once its checksum held. @throws {StoreError} `Damaged` */
function verifiedBody(key: Key, buffer: Buffer): Buffer {
  if (!isVerified(key, buffer)) throw new StoreError("Damaged", `${failsItsChecksum(key, buffer.length)}; ${wayOut}`);
  return bodyIn(buffer);
}

// lmdb lends one large buffer and sets its length; without an explicit end, a view would go past the value.
const bodyIn = (buffer: Buffer): Buffer => buffer.subarray(checksumBytes, buffer.length);

/** Whether a value is what was written under `key`. */
export function isVerified(key: Key, buffer: Buffer): boolean {
  return buffer.length > checksumBytes && buffer.readUInt32LE(0) === crc32(bodyIn(buffer), crc32(key));
}

/** What is said of a value that is not. */
export function failsItsChecksum(key: Key, bytes: number): string {
  return `value under ${JSON.stringify(key)} has ${bytes} bytes that fail their checksum`;
}

/** Removes values, readable or not, from a file that no process has open. */
export async function removeValues(path: string, keys: readonly Key[]): Promise<void> {
  makePrivate(`${path}-lock`);
  giveRoom(`${path}-lock`);
  const db = openFile(path, {});
  try {
    await Promise.all(keys.map((key) => db.remove(Buffer.from(key))));
  } finally {
    await db.close();
    rmSync(`${path}-lock`, { force: true });
  }
}

/** What is on disk under `key`. */
export function readValue<T>(db: Database, key: Key): T | undefined {
  const text = readText(db, key);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** The same as its JSON text. */
export function readText(db: Database, key: Key): string | undefined {
  const buffer = reading(key, () => db.getBinaryFast(Buffer.from(key)));
  return buffer === undefined ? undefined : decodeText(key, buffer);
}

/** LMDB's own words for a page that is not what it should be become ours. */
export function reading<T>(key: Key, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError("Damaged", `reading at ${JSON.stringify(key)}: ${(cause as Error).message}; ${wayOut}`, { cause });
  }
}
