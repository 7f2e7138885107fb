/**
 * Walks the pages of a store's file as LMDB links them, without LMDB: in a torn file, such as a copy made while it was written, a
 * page has given way to a later one, which LMDB would take for what it expects there.
 *
 * PC1. Every page that a tree reaches names itself, is of its kind, and is no later than the head.
 * PC2. No page is reached twice, and none that is reached is on the list of free ones.
 * @see the structures `MDB_page_header`, `MDB_node` and `MDB_ovpage` in LMDB's mdb.c
 */
import { closeSync, openSync, readSync } from "node:fs";
import { damaged, pageBytes, readHead } from "./file-check.ts";

const headerBytes = 24;
const nodeBytes = 8;
const kinds = { branch: 0x01, leaf: 0x02, overflow: 0x04 } as const;
const isBig = 0x01;
const noPage = 2n ** 64n - 1n;

/** @throws {StoreError} `Damaged`, naming the page, what it has and what was expected */
export function checkPages(path: string): void {
  const file = openSync(path, "r");
  try {
    walk(file, path);
  } catch (error) {
    // A damaged number in the page led out of it.
    if (error instanceof RangeError) throw damaged(path, `a page says what cannot be: ${error.message}`);
    throw error;
  } finally {
    closeSync(file);
  }
}

function walk(file: number, path: string): void {
  const { freeRoot, mainRoot, lastPage, transaction } = readHead(file, path);
  const used = new Uint8Array(lastPage + 1);
  const wrong = (page: number | bigint, what: string): Error => damaged(path, `page ${page} ${what}`);

  /** Of the way from the root to the page that is looked at, one page for each level; the next page of a level takes its place. */
  const levels: Buffer[] = [];

  /** @param seeValue receives each value, which is gone when it returns; without it none is read whole */
  function visit(root: bigint, seeValue?: (value: Buffer) => void, level = 0): void {
    if (root === noPage) return;
    const page = claim(root);
    const bytes = readPage(page, kinds.branch | kinds.leaf, level);
    const isLeaf = (bytes.readUInt16LE(18) & kinds.leaf) !== 0;
    const [lower, upper] = [bytes.readUInt16LE(20), bytes.readUInt16LE(22)];
    if (lower > upper || upper > pageBytes - headerBytes) throw wrong(page, `has room from byte ${lower} to ${upper}`);
    const nodes = lower >> 1;
    for (let index = 0; index < nodes; index++) {
      const at = headerBytes + bytes.readUInt16LE(headerBytes + 2 * index);
      if (at + nodeBytes > pageBytes) throw wrong(page, `has a node at byte ${at}`);
      const [low, flags, keyBytes] = [bytes.readUInt32LE(at), bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 6)];
      const value = at + nodeBytes + keyBytes;
      const end = isLeaf ? value + ((flags & isBig) === 0 ? low : headerBytes) : value;
      if (end > pageBytes) throw wrong(page, `has a node that ends at byte ${end}`);
      if (!isLeaf) visit(BigInt(low) + BigInt(flags) * 2n ** 32n, seeValue, level + 1);
      else if ((flags & isBig) !== 0) {
        const first = claimOverflow(bytes.subarray(value, end), low, level + 1);
        seeValue?.(readOverflow(first, low));
      } else seeValue?.(bytes.subarray(value, end));
    }
  }

  function readPage(page: number, kind: number, level: number): Buffer {
    levels[level] ??= Buffer.alloc(pageBytes);
    const bytes = levels[level];
    // What the page that was here before had there is no part of one that is cut off.
    bytes.fill(0, readSync(file, bytes, 0, pageBytes, page * pageBytes));
    const [names, written] = [bytes.readBigUInt64LE(0), bytes.readBigUInt64LE(8)];
    if (names !== BigInt(page)) throw wrong(page, `names itself ${names}`);
    if (written > transaction) throw wrong(page, `is of change ${written}, expected at most ${transaction}`);
    if ((bytes.readUInt16LE(18) & kind) === 0) throw wrong(page, `is of kind ${bytes.readUInt16LE(18)}, expected ${kind}`);
    return bytes;
  }

  function claim(page: bigint): number {
    if (page < 2n || page > BigInt(lastPage)) throw wrong(page, `is named, expected pages from 2 to ${lastPage}`);
    const number = Number(page);
    if (used[number] === 1) throw wrong(page, "belongs to two places, expected one");
    used[number] = 1;
    return number;
  }

  /** Returns the first page of a long value. */
  function claimOverflow(place: Buffer, length: number, level: number): number {
    const [first, written] = [place.readBigUInt64LE(0), place.readBigUInt64LE(8)];
    const count = Math.ceil((headerBytes + length) / pageBytes);
    for (let page = 0; page < count; page++) claim(first + BigInt(page));
    const head = readPage(Number(first), kinds.overflow, level);
    // A compacted copy names change 1 everywhere but on these pages themselves.
    if (written !== 1n && head.readBigUInt64LE(8) !== written)
      throw wrong(first, `is of change ${head.readBigUInt64LE(8)}, expected ${written}`);
    return Number(first);
  }

  function readOverflow(first: number, length: number): Buffer {
    const value = Buffer.alloc(length);
    readSync(file, value, 0, length, first * pageBytes + headerBytes);
    return value;
  }

  visit(mainRoot);
  const free: Buffer[] = [];
  visit(freeRoot, (value) => free.push(Buffer.from(value)));
  for (const list of free)
    for (const page of freePages(list)) if (used[page] === 1) throw wrong(page, "is in use and on the list of free ones");
}

/** A list's length, then pages; a negative number is the length of a run, whose first page follows. */
function* freePages(list: Buffer): Generator<number> {
  const count = list.length < 8 ? 0 : Number(list.readBigInt64LE(0));
  for (let index = 1; index <= count && (index + 1) * 8 <= list.length; index++) {
    const entry = Number(list.readBigInt64LE(index * 8));
    const length = entry < 0 ? -entry : 1;
    const first = entry < 0 && (index + 2) * 8 <= list.length ? Number(list.readBigInt64LE(++index * 8)) : entry;
    if (entry !== 0) for (let page = first; page < first + length; page++) yield page;
  }
}
