import type { Key, KeyRange } from "./key.ts";

/** Options of a scan. `limit` counts entries; `reverse` goes from the end of the range. */
export interface ScanOptions {
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** What can be read. Values are fresh copies: changing one changes nothing in the store. */
export interface ReadView {
  /** The value under `key`, or undefined. */
  get<T>(key: Key): T | undefined;
  /** The entries of a range in key order. */
  scan<T>(range: KeyRange, options?: ScanOptions): [Key, T][];
  /** The keys of a range in order; their values are not read. */
  keys(range: KeyRange, options?: ScanOptions): Key[];
}

/** A running transaction. It ends with the synchronous function it was given to. */
export interface Transaction extends ReadView {
  put(key: Key, value: unknown): void;
  delete(key: Key): void;
  /** Runs `fn` within this transaction; if it throws, what it wrote and registered is undone, and the error goes on. */
  savepoint<T>(fn: () => T): T;
  /** Runs `fn` after the transaction's function, still inside the transaction, in the order of registration. `fn` may register more. */
  beforeCommit(fn: (tx: Transaction) => void): void;
  /** Runs once the transaction is durable, before its promise settles. Must not throw. */
  afterCommit(fn: () => void): void;
  /** Runs if what was done so far is undone, by its savepoint or altogether: the latest first. For what is kept in memory beside the store. Must not throw. */
  onUndo(fn: () => void): void;
}
