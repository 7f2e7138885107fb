/**
 * Records that no longer change, put together in blocks: neighbours resemble each other, and a block is compressed as one.
 *
 * Q1. `get` and `scan` answer as if every record still stood alone, in order of keys, whichever of them are in blocks.
 * Q2. Packing is a transaction of its own, bounded in records and bytes: a crash leaves records alone or in their block, never both.
 * Q3. A record that comes late, between those of a block, stays alone, so that blocks do not overlap (`blocks.ts`).
 * Q4. A block fills one page of the file as far as it goes, where its records are not too long for that: what is left of a page is lost, and
 *     pages that must lie side by side find no room in the gaps that others leave.
 */
import { type Block, createBlocks } from "./blocks.ts";
import { bodyOf } from "./compression.ts";
import { checksumBytes } from "./database.ts";
import { pageBytes } from "./file-check.ts";
import { compareKeys, type Key, type KeyRange } from "./key.ts";
import type { Kind } from "./kinds.ts";
import type { ReadView, ScanOptions, Transaction } from "./transaction.ts";

/** What is packed in one step. */
export interface PackRequest<T> {
  /** Where to look; the records of one step are the first that stand alone in it. */
  readonly range: KeyRange;
  /** Whether nothing will change the record. */
  readonly isCold: (key: Key, value: T) => boolean;
}

/** A kind whose records may stand in blocks. */
export interface PackedKind<T> {
  get(view: ReadView, key: Key): T | undefined;
  scan(view: ReadView, range: KeyRange, options?: ScanOptions): [Key, T][];
  /** Packs the next run of cold records; answers where to go on, or undefined at the end of the range. */
  pack(tx: Transaction, request: PackRequest<T>): Key | undefined;
  /** Deletes up to `limit` records and blocks that lie in the range whole; true where there may be more. */
  drop(tx: Transaction, range: KeyRange, limit: number): boolean;
  /** Deletes every record of the range for which this holds, out of blocks too. */
  remove(tx: Transaction, range: KeyRange, isMeant?: (value: T) => boolean): void;
}

const mostRecords = 384;
const pageOfRecords = 32;
const mostCharacters = 128 * 1024;
/** Of a page, what LMDB leaves to a value that has it for itself. */
const roomOfPage = pageBytes - 16 - checksumBytes;
/** Fewer are left alone until more have come. */
const fewestRecords = 8;

/** @param kind of the records, @param blocks of their blocks, @param groupParts how many parts after the prefix those of one block share */
export function createPacked<T>(kind: Kind, blocks: Kind, groupParts: number): PackedKind<T> {
  const prefix = kind.key();
  const packed = createBlocks<T>(kind, blocks);
  const isIn = ({ start, end }: KeyRange, key: Key): boolean => compareKeys(key, start) >= 0 && compareKeys(key, end) < 0;

  function* packedIn(view: ReadView, range: KeyRange, reverse: boolean): Generator<[Key, T]> {
    for (const [, block] of packed.within(view, range, reverse)) {
      const entries = packed.entriesOf(block);
      for (const entry of reverse ? entries.reverse() : entries) if (isIn(range, entry[0])) yield entry;
    }
  }

  /** The first cold records of the range that stand alone, neighbours of one group with no block between them, and where to go on. */
  function nextRun(tx: Transaction, { range, isCold }: PackRequest<T>): { run: [Key, T][]; next: Key | undefined } {
    const run: [Key, T][] = [];
    let [seen, characters] = [0, 0];
    let nextBlock: Key | undefined;
    for (const [key, value] of aloneIn(tx, range)) {
      const [first] = run;
      if (first === undefined) {
        if (seen++ === mostRecords) return { run, next: key };
        if (!isCold(key, value) || packed.at(tx, key) !== undefined) continue;
        nextBlock = packed.nextStart(tx, key);
      } else {
        const isNeighbour = groupOf(key) === groupOf(first[0]) && (nextBlock === undefined || compareKeys(key, nextBlock) < 0);
        const isFull = run.length === mostRecords || characters > mostCharacters;
        if (!isNeighbour || isFull || !isCold(key, value)) return { run, next: key };
      }
      characters += key.length + JSON.stringify(value).length;
      run.push([key, value]);
    }
    return { run, next: undefined };
  }

  /** The records that stand alone, read few at a time: one step reads hardly more than it packs. */
  function* aloneIn(view: ReadView, range: KeyRange): Generator<[Key, T]> {
    for (let start = range.start; ; ) {
      const found = view.scan<T>({ ...range, start }, { limit: pageOfRecords });
      yield* found;
      if (found.length < pageOfRecords) return;
      start = `${found.at(-1)?.[0]}\u0000`;
    }
  }

  /** Q4. How many of the first ones make a block. */
  function fitting(entries: Block<T>): number {
    for (let number = entries.length; number >= fewestRecords; ) {
      const bytes = bodyOf(JSON.stringify(entries.slice(0, number))).length;
      if (bytes <= roomOfPage) return number;
      // The fewer they are, the less they share: a little less than in proportion is seldom too much again.
      number = Math.min(number - 1, Math.floor(((number * roomOfPage) / bytes) * 0.98));
    }
    return entries.length;
  }

  function groupOf(key: Key): string {
    return key.split("\u0000", groupParts + 1).join("\u0000");
  }

  return {
    get(view, key) {
      const alone = view.get<T>(key);
      if (alone !== undefined) return alone;
      return packed.at(view, key)?.find(([rest]) => prefix + rest === key)?.[1];
    },
    scan(view, range, options = {}) {
      const { reverse = false, limit = Number.POSITIVE_INFINITY } = options;
      const alone = view.scan<T>(range, options);
      const found: [Key, T][] = [];
      const direction = reverse ? -1 : 1;
      let at = 0;
      for (const entry of packedIn(view, range, reverse)) {
        for (let next = alone[at]; next && found.length < limit && direction * compareKeys(next[0], entry[0]) < 0; next = alone[++at])
          found.push(next);
        if (found.length >= limit) return found;
        found.push(entry);
      }
      found.push(...alone.slice(at, at + limit - found.length));
      return found;
    },
    pack(tx, request) {
      const { run, next } = nextRun(tx, request);
      if (run.length < fewestRecords) return next;
      const entries = run.map(([key, value]) => [key.slice(prefix.length), value] as const);
      const block = entries.slice(0, fitting(entries));
      packed.put(tx, block);
      for (const [rest] of block) tx.delete(prefix + rest);
      return run[block.length]?.[0] ?? next;
    },
    drop(tx, range, limit) {
      const alone = tx.scan(range, { limit });
      for (const [key] of alone) tx.delete(key);
      let dropped = 0;
      for (const [key, block] of packed.within(tx, range, false)) {
        if (dropped === limit) return true;
        if (!packed.entriesOf(block).every(([one]) => isIn(range, one))) continue;
        tx.delete(key);
        dropped += 1;
      }
      return alone.length === limit;
    },
    remove(tx, range, isMeant = () => true) {
      for (const [key, value] of tx.scan<T>(range)) if (isMeant(value)) tx.delete(key);
      for (const [key, block] of [...packed.within(tx, range, false)]) {
        const kept = block.filter(([rest, value]) => !isIn(range, prefix + rest) || !isMeant(value));
        if (kept.length === block.length) continue;
        tx.delete(key);
        packed.put(tx, kept);
      }
    },
  };
}
