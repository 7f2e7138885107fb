/**
 * Runs the function of a transaction and undoes what it wrote where it fails.
 *
 * U1. What a transaction or a savepoint wrote and registered before it threw is undone, the latest first: the batch is as it was before.
 * U2. A transaction ends with its function: it takes no write afterwards.
 */
import { StoreError } from "./errors.ts";
import { type Key, maxKeyBytes } from "./key.ts";
import type { Overlay } from "./overlay.ts";
import type { ReadView, Transaction } from "./transaction.ts";

/** What the function returned, and the hooks to call once its writes are durable. */
export interface Ran<T> {
  readonly result: T;
  readonly hooks: readonly (() => void)[];
}

/**
 * Runs `fn` on a transaction that writes into `batch`.
 * @param view what the transaction reads, `batch` included
 * @throws {StoreError} `Misuse` for a key that is too long; whatever `fn` throws
 */
export function runTransaction<T>(batch: Overlay, view: ReadView, fn: (tx: Transaction) => T): Ran<T> {
  let before: ((tx: Transaction) => void)[] = [];
  let after: (() => void)[] = [];
  /** What the batch had under each key before it was written. */
  const undo: [Key, string | null | undefined][] = [];
  const undoHooks: (() => void)[] = [];
  let ended = false;

  function undoSince(writes: number, hooks: number): void {
    for (const [key, text] of undo.splice(writes).reverse()) text === undefined ? batch.remove(key) : batch.set(key, text);
    for (const hook of undoHooks.splice(hooks).reverse()) hook();
  }

  function write(key: Key, text: string | null): void {
    if (ended)
      throw new StoreError("Misuse", `write of ${JSON.stringify(key)} after its transaction had ended; transactions are synchronous`);
    if (key.length * 3 > maxKeyBytes && Buffer.byteLength(key) > maxKeyBytes) {
      throw new StoreError("Misuse", `key has ${Buffer.byteLength(key)} bytes, expected at most ${maxKeyBytes}`);
    }
    undo.push([key, batch.set(key, text)]);
  }

  const tx: Transaction = {
    get: view.get,
    scan: view.scan,
    keys: view.keys,
    put: (key, value) => write(key, JSON.stringify(value)),
    delete: (key) => write(key, null),
    beforeCommit: (hook) => void before.push(hook),
    afterCommit: (hook) => void after.push(hook),
    onUndo: (hook) => void undoHooks.push(hook),
    savepoint(step) {
      const [beforeCount, afterCount, writes, hooks] = [before.length, after.length, undo.length, undoHooks.length];
      try {
        return step();
      } catch (error) {
        before = before.slice(0, beforeCount);
        after = after.slice(0, afterCount);
        undoSince(writes, hooks);
        throw error;
      }
    },
  };
  try {
    const result = fn(tx);
    for (let hook = before.shift(); hook !== undefined; hook = before.shift()) hook(tx);
    return { result, hooks: after };
  } catch (error) {
    undoSince(0, 0);
    throw error;
  } finally {
    ended = true;
  }
}
