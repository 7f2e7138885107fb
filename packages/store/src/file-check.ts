/** What a store's file says of itself, read before LMDB maps it into memory, where damage would end the process without a word. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { StoreError } from "./errors.ts";

/** Pages of 8 KiB allow keys of 4,026 bytes, enough for DynamoDB's longest. */
export const pageBytes = 8192;
/** What a person does about a store that is not what was written. */
export const wayOut = "restore the data folder from a backup (npm run restore -- FILE)";

/** Where LMDB (data version 2, 64 bits) keeps what we read in each of its two meta pages. Source: `MDB_meta` in its mdb.c. */
const offsets = { magic: 24, version: 28, pageSize: 48, freeRoot: 88, mainRoot: 136, lastPage: 144, transaction: 152 } as const;
const expected = { magic: 0xbeefc0de, version: 2, pageSize: pageBytes } as const;
const headBytes = 160;

/** The newer of a file's two heads: where its trees begin. */
export interface Head {
  readonly freeRoot: bigint;
  readonly mainRoot: bigint;
  readonly lastPage: number;
  readonly transaction: bigint;
}

/**
 * Looks at a store's file before it is opened, and gives it the end that LMDB may have left away.
 * @throws {StoreError} `Damaged`, naming the place, what it has and what was expected
 */
export function checkFile(path: string): void {
  const file = openSync(path, "r+");
  try {
    // LMDB may leave its last pages unwritten where nothing uses them. Zeros in their place are read as damage by LMDB
    // itself; a missing end would be a bus error.
    if (missesItsEnd(file, path)) ftruncateSync(file, neededBytes(file, path));
  } finally {
    closeSync(file);
  }
}

/** Whether the file ends before the last page that its head counts. @throws {StoreError} `Damaged` */
export function missesItsEnd(file: number, path: string): boolean {
  return fstatSync(file).size < neededBytes(file, path);
}

function neededBytes(file: number, path: string): number {
  return (readHead(file, path).lastPage + 1) * pageBytes;
}

/** The head that LMDB goes by. @throws {StoreError} `Damaged` */
export function readHead(file: number, path: string): Head {
  const { size } = fstatSync(file);
  if (size < 2 * pageBytes) throw damaged(path, `it has ${size} bytes, expected at least ${2 * pageBytes}`);
  const heads = [parseHead(file, path, 0), parseHead(file, path, 1)];
  return heads.reduce((a, b) => (b.transaction > a.transaction ? b : a));
}

/** A checksum over both heads; undefined where the file is too short to have any. */
export function headChecksum(file: number): number | undefined {
  const heads = Buffer.alloc(2 * headBytes);
  const read = [0, 1].map((page) => readSync(file, heads, page * headBytes, headBytes, page * pageBytes));
  return read.every((bytes) => bytes === headBytes) ? crc32(heads) : undefined;
}

/** @param what is wrong with the file at `path` */
export function damaged(path: string, what: string): StoreError {
  return new StoreError("Damaged", `store "${path}" is damaged: ${what}; ${wayOut}`);
}

function parseHead(file: number, path: string, page: number): Head {
  const head = Buffer.alloc(headBytes);
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
  return {
    freeRoot: head.readBigUInt64LE(offsets.freeRoot),
    mainRoot: head.readBigUInt64LE(offsets.mainRoot),
    lastPage: Number(head.readBigUInt64LE(offsets.lastPage)),
    transaction: head.readBigUInt64LE(offsets.transaction),
  };
}
