/**
 * Blocks of neighbouring records, each under one key and compressed as one.
 *
 * BL1. Blocks do not overlap: a key lies in one block at most, or between the records of one.
 * BL2. A block is read only where it may hold what is asked for: most questions are about records newer than all blocks.
 */
import { compareKeys, type Key, type KeyRange } from "./key.ts";
import type { Kind } from "./kinds.ts";
import type { ReadView, Transaction } from "./transaction.ts";

/** Entries in order of keys, each key without the kind's prefix. */
export type Block<T> = readonly (readonly [rest: string, value: T])[];

/** The blocks of one kind of records. */
export interface Blocks<T> {
  /** Returns the block that `key` lies in, or between whose records it would. */
  at(view: ReadView, key: Key): Block<T> | undefined;
  /** Yields blocks with their own keys that may hold a key of the range, first or last ones first. */
  within(view: ReadView, range: KeyRange, reverse: boolean): Generator<[Key, Block<T>]>;
  /** Returns the key of the first record of the first block after `key`. */
  nextStart(view: ReadView, key: Key): Key | undefined;
  /** Returns the records of a block under their own keys. */
  entriesOf(block: Block<T>): [Key, T][];
  /** Puts a block under the key of its first record; an empty one is not put. */
  put(tx: Transaction, block: Block<T>): void;
}

const mostRemembered = 10_000;

/** Returns the blocks `blocks` of the records of `kind`. */
export function createBlocks<T>(kind: Kind, blocks: Kind): Blocks<T> {
  const [prefix, blockPrefix] = [kind.key(), blocks.key()];
  /** From the end of the prefix on, which tells the end of a range that spans the whole kind. */
  const blockKey = (key: Key): Key => blockPrefix.slice(0, -1) + key.slice(prefix.length - 1);
  /** Where blocks end, as far as they were read (BL2). */
  const ends = new Map<Key, Key>();

  /** Returns the block under this key, unless it ends before `from`. */
  function read(view: ReadView, key: Key, from: Key): Block<T> | undefined {
    const end = ends.get(key);
    if (end !== undefined && compareKeys(end, from) < 0) return undefined;
    const block = view.get<Block<T>>(key);
    const last = block?.at(-1)?.[0];
    if (last !== undefined) remember(key, prefix + last);
    return last === undefined || compareKeys(prefix + last, from) < 0 ? undefined : block;
  }

  function remember(key: Key, end: Key): void {
    if (ends.size >= mostRemembered) ends.clear();
    ends.set(key, end);
  }

  /** Returns the key of the last block that begins at `key` or before it. */
  function lastUpTo(view: ReadView, key: Key): Key | undefined {
    return view.keys({ start: blocks.range().start, end: `${blockKey(key)}\u0000` }, { reverse: true, limit: 1 })[0];
  }

  return {
    at(view, key) {
      const found = lastUpTo(view, key);
      return found === undefined ? undefined : read(view, found, key);
    },
    *within(view, { start, end }, reverse) {
      for (let range = { start: lastUpTo(view, start) ?? blockKey(start), end: blockKey(end) }; ; ) {
        const [found] = view.keys(range, { reverse, limit: 1 });
        if (found === undefined) return;
        const block = read(view, found, start);
        if (block !== undefined) yield [found, block];
        range = reverse ? { ...range, end: found } : { ...range, start: `${found}\u0000` };
      }
    },
    nextStart(view, key) {
      const [found] = view.keys({ start: blockKey(key), end: blocks.range().end }, { limit: 1 });
      return found === undefined ? undefined : prefix + found.slice(blockPrefix.length);
    },
    entriesOf: (block) => block.map(([rest, value]) => [prefix + rest, value]),
    put(tx, block) {
      const [first, last] = [block[0], block.at(-1)];
      if (first === undefined || last === undefined) return;
      tx.put(blockPrefix + first[0], block);
      remember(blockPrefix + first[0], prefix + last[0]);
    },
  };
}
