import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { StoreError } from "./errors.ts";

/** Pages of 8 KiB allow keys of 4,026 bytes, enough for DynamoDB's longest. */
export const pageBytes = 8192;

/** Where LMDB (data version 2, 64 bits) keeps what we check in each of its two meta pages. Source: `MDB_meta` in its mdb.c. */
const offsets = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152 } as const;
const expected = { magic: 0xbeefc0de, version: 2, pageSize: pageBytes } as const;

/**
 * Looks at a store's file before LMDB maps it into memory, where a damaged head or a missing end would end the process without a word.
 * @throws {StoreError} `Damaged`, naming the place, what it has and what was expected
 */
export function checkFile(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, "r+");
  try {
    const { size } = fstatSync(file);
    if (size < 2 * pageBytes) throw damaged(path, `it has ${size} bytes, expected at least ${2 * pageBytes}`);
    const heads = [readHead(file, path, 0), readHead(file, path, 1)];
    const live = heads.reduce((a, b) => (b.transaction > a.transaction ? b : a));
    const needed = (live.lastPage + 1) * pageBytes;
    // LMDB may leave its last pages unwritten where nothing uses them. Zeros in their place are read as damage by LMDB
    // itself; a missing end would be a bus error.
    if (size < needed) ftruncateSync(file, needed);
  } finally {
    closeSync(file);
  }
}

function readHead(file: number, path: string, page: number): { lastPage: number; transaction: bigint } {
  const head = Buffer.alloc(256);
  readSync(file, head, 0, head.length, page * pageBytes);
  for (const field of ["magic", "version", "pageSize"] as const) {
    const has = head.readUInt32LE(offsets[field]);
    if (has !== expected[field]) {
      throw damaged(
        path,
        `at byte ${page * pageBytes + offsets[field]} its ${field} is ${has.toString(16)}, expected ${expected[field].toString(16)} (hexadecimal)`,
      );
    }
  }
  return { lastPage: Number(head.readBigUInt64LE(offsets.lastPage)), transaction: head.readBigUInt64LE(offsets.transaction) };
}

function damaged(path: string, what: string): StoreError {
  return new StoreError("Damaged", `store "${path}" is damaged: ${what}; restore the data folder from a backup`);
}
