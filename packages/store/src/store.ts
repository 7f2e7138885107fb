/**
 * The one embedded store: ordered keys, JSON values, group-committed write transactions over LMDB.
 *
 * S1. A transaction is atomic: all of its writes are in the store after a crash, or none.
 * S2. A transaction runs synchronously and alone, and sees every transaction that ran before it, flushed or not.
 * S3. The promise of `transact` settles only once its writes, and all it may have read, are on disk. Nothing earlier is an acknowledgement.
 * S4. Transactions become durable in the order in which they ran; a crash keeps a prefix of that order.
 * S5. What becomes ready while a flush is under way is written by the next one, together (group commit).
 * S6. A failed flush is final: every open promise rejects, `onFailure` is called, and every later call rejects. The flush is not retried.
 * S7. `read` sees durable state alone, the same snapshot throughout one call.
 * S8. A value is returned as it was written or not at all: each carries a checksum over key and value.
 * S9. A folder has one process (`folder-lock.ts`). A folder of a newer format is not touched.
 * S10. Each flush carries what `stampWith` gives when it begins: after a crash the stamp is as new as anything else that is found.
 * S11. Every file's pages are walked before LMDB meets them (`page-check.ts`), unless nothing was written to it since it was closed in order. One that may not be what this release wrote is read
 *      through in a process of its own as well; one that has lost an acknowledged change is not opened (`witness.ts`).
 */

import { join } from "node:path";
import {
  checkFlushes,
  checkFormat,
  checkNothingLost,
  type Database,
  isAbsent,
  openDatabase,
  storeEntries,
  storeFile,
  writeAll,
} from "./database.ts";
import { expectEntries } from "./entries.ts";
import { StoreError } from "./errors.ts";
import { flushFailure, isDiskFull, noRoom } from "./flush-failure.ts";
import { prepareFolder } from "./folder.ts";
import { lockFolder } from "./folder-lock.ts";
import { inspectStore } from "./inspect.ts";
import type { Key } from "./key.ts";
import { createKnownTexts } from "./known-texts.ts";
import { layeredView } from "./layered-view.ts";
import { Overlay } from "./overlay.ts";
import { checkPages } from "./page-check.ts";
import { finishReplacing } from "./replace-contents.ts";
import { type Ran, runTransaction } from "./running-transaction.ts";
import type { ReadView, Transaction } from "./transaction.ts";
import { isAsWitnessed, isUntouched, openWitness, readWitness, type Witness } from "./witness.ts";

/** The store. See the invariants at the head of this file. */
export interface Store extends ReadView {
  /** Runs `fn` at once; resolves with its result when durable; rejects with its error, having written nothing. */
  transact<T>(fn: (tx: Transaction) => T): Promise<T>;
  /** From now on each flush that writes anything puts `value()` under `key` too, at no flush of its own (S10). */
  stampWith(key: Key, value: () => unknown): void;
  /** Resolves when everything that ran so far is durable, to how often the store has flushed in its life. */
  flush(): Promise<number>;
  /** Flushes, then releases the folder. */
  close(): Promise<void>;
}

/** What `openStore` needs. `onFailure` is called once, when a flush failed (S6). */
export interface StoreOptions {
  readonly folder: string;
  readonly onFailure: (error: StoreError) => void;
}

interface Waiter {
  readonly settle: () => void;
  readonly fail: (error: Error) => void;
  readonly hooks: readonly (() => void)[];
}

/**
 * Opens the store in `folder`, made where missing.
 * @throws {StoreError} `InUse`, `Unreadable`, `NewerVersion` or `Damaged`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const folder = prepareFolder(options.folder);
  const unlock = lockFolder(folder);
  try {
    finishReplacing(folder);
    return createStore(folder, await openWitnessed(folder), unlock, options.onFailure);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A database that holds all that was acknowledged, as far as its witness tells. */
interface WitnessedDatabase {
  readonly db: Database;
  readonly witness: Witness;
  /** How many changes it holds. */
  readonly flushes: number;
}

async function openWitnessed(folder: string): Promise<WitnessedDatabase> {
  expectEntries(folder, storeEntries);
  const path = join(folder, storeFile);
  const witnessed = readWitness(path);
  const isTrusted = isAsWitnessed(path, witnessed);
  if (isAbsent(path)) checkNothingLost(path, witnessed?.flushes);
  else if (!isTrusted) await inspectStore(path);
  else if (!isUntouched(path, witnessed)) checkPages(path);
  const db = await openDatabase(folder);
  try {
    await checkFormat(db, folder);
    const flushes = checkFlushes(db, path, witnessed?.flushes);
    const witness = openWitness(path, isTrusted ? witnessed : undefined);
    witness.flushed(flushes);
    return { db, witness, flushes };
  } catch (error) {
    await db.close();
    throw error;
  }
}

function createStore(folder: string, opened: WitnessedDatabase, unlock: () => void, onFailure: (error: StoreError) => void): Store {
  const { db, witness } = opened;
  let { flushes } = opened;
  const known = createKnownTexts();
  let pending = new Overlay();
  let flushing: Overlay | undefined;
  let waiters: Waiter[] = [];
  let scheduled = false;
  let running = false;
  let stamp = (_batch: Overlay): void => {};
  let failure: StoreError | undefined;
  let closed = false;
  let flushDone: Promise<void> = Promise.resolve();

  function assertUsable(): void {
    if (failure !== undefined) throw failure;
    if (closed) throw new StoreError("Closed", "the store is closed");
  }

  function run<T>(fn: (tx: Transaction) => T): Ran<T> {
    if (running) throw new StoreError("Misuse", "a transaction was started inside another; pass the running one on instead");
    running = true;
    try {
      return runTransaction(pending, layeredView(db, [pending, flushing], known), fn);
    } finally {
      running = false;
    }
  }

  /** A promise that settles with the batch that fills now, or at once when nothing is outstanding. */
  function settled(hooks: readonly (() => void)[]): Promise<void> {
    if (pending.size === 0 && flushing === undefined) {
      for (const hook of hooks) hook();
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      waiters.push({ settle: resolve, fail: reject, hooks });
      schedule();
    });
  }

  function schedule(): void {
    if (scheduled || flushing !== undefined) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      flushDone = flushBatch();
    });
  }

  async function flushBatch(): Promise<void> {
    const [batch, waiting] = [pending, waiters];
    if (batch.size > 0) stamp(batch);
    flushing = batch;
    pending = new Overlay();
    waiters = [];
    try {
      if (batch.size > 0) await writeBatch(batch);
    } catch (cause) {
      fail(await flushFailure(cause, folder), waiting);
      return;
    }
    if (batch.size > 0) witness.flushed(flushes);
    db.resetReadTxn();
    known.flushed(batch);
    flushing = undefined;
    for (const waiter of waiting) for (const hook of waiter.hooks) hook();
    for (const waiter of waiting) waiter.settle();
    if (pending.size > 0 || waiters.length > 0) schedule();
  }

  async function writeBatch(batch: Overlay): Promise<unknown> {
    // Not left to LMDB, which prints what it met, stack and all, and has been seen to spoil the memory of the process.
    if (isDiskFull(folder, batch.length)) throw noRoom();
    flushes += 1;
    return writeAll(db, flushes, batch);
  }

  function fail(error: StoreError, waiting: readonly Waiter[]): void {
    failure = error;
    for (const waiter of [...waiting, ...waiters]) waiter.fail(error);
    waiters = [];
    onFailure(error);
  }

  return {
    ...layeredView(db, []),
    async transact(fn) {
      assertUsable();
      let outcome: Ran<ReturnType<typeof fn>>;
      try {
        outcome = run(fn);
      } catch (error) {
        // What made it fail may not be on disk yet; answer only when it is (S3).
        if (!(error instanceof StoreError)) await settled([]);
        throw error;
      }
      await settled(outcome.hooks);
      return outcome.result;
    },
    stampWith(key, value) {
      stamp = (batch) => batch.set(key, JSON.stringify(value()));
    },
    async flush() {
      assertUsable();
      await settled([]);
      return flushes;
    },
    async close() {
      if (closed) return;
      closed = true;
      if (failure === undefined) await settled([]);
      await flushDone;
      await db.close();
      if (failure === undefined) witness.closed();
      unlock();
    },
  };
}
