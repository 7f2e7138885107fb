/**
 * Durable timers: ordered keys in the store, one wake-up in memory for the nearest.
 *
 * T1. A timer fires in a transaction that also removes it: once, together with all it causes, or not yet.
 * T2. A timer that came due while the process was down fires at once on start.
 * T3. None fires before its instant by the clock port; those due fire in order of instant.
 * T4. A timer whose handler throws is reported and set again, 1, 2, 4, 8 and 16 seconds later; the others go on.
 * T5. A transaction that fails after its handlers, in a hook or at a key, is made again with half of the timers, until the one
 *     at fault stands alone. It is given up and named; the others fire, also after a restart.
 * T6. A timer given up is what `giveUp` makes of it; without one, or where that fails too, it is retired: kept aside, and
 *     tried once more at each start.
 */
import type { Clock } from "@serverlesspresso/ports";
import { defineKind, type Key, type KeyPart, partsOf, type Store, type Transaction } from "@serverlesspresso/store";
import { checkInstant } from "./instant.ts";
import { createRetiredTimers, isStoreOut, type Timer } from "./retired-timers.ts";

/** Timers of one kind. A timer is named by its instant and id; setting the same one again changes nothing. */
export interface Timers {
  /** @throws {RangeError} where `atMs` is no instant: whole milliseconds that a date can hold */
  set(tx: Transaction, atMs: number, id: string): void;
  cancel(tx: Transaction, atMs: number, id: string): void;
  /** How many are pending, from disk. */
  count(): number;
  /** Begins to fire, overdue ones first. Call once, when whatever `fire` needs is up. */
  start(): void;
  stop(): void;
}

/** What timers of one kind need. */
export interface TimersOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Names this kind; part of the keys on disk, never to be changed. */
  readonly name: string;
  readonly fire: (tx: Transaction, id: string, atMs: number) => void;
  /** Ends what a timer stood for that can never fire, in the transaction that removes it (T6). */
  readonly giveUp?: (tx: Transaction, id: string, error: Error) => void;
  readonly onError: (error: unknown, id: string) => void;
}

const kind = defineKind({
  owner: "timers",
  prefix: "timer",
  holds: "timers",
  kept: "while needed",
  atMs: (parts: readonly KeyPart[]) => parts[2] as number,
});
const largestBatch = 128;
const retryAfterMs = 1000;
const mostAttempts = 6;

/** One timer on disk; the value counts its attempts, from 1. */
interface Entry extends Timer {
  readonly key: Key;
  readonly attempt: number;
}

/** Timers of the kind `name`. */
export function createTimers({ store, clock, name, fire, giveUp, onError }: TimersOptions): Timers {
  let armedMs = Number.POSITIVE_INFINITY;
  let disarm: () => void = () => {};
  let started = false;
  /** How many are fired in one transaction: halved by each that fails, doubled by each that does not. */
  let batchSize = largestBatch;
  const pending = kind.range(name);
  const retired = createRetiredTimers({ name, giveUp, onError });
  const keyFor = (atMs: number, id: string): Key => kind.key(name, atMs, id);

  function arm(atMs: number): void {
    if (!started || atMs >= armedMs) return;
    disarm();
    armedMs = atMs;
    disarm = clock.at(atMs, () => {
      armedMs = Number.POSITIVE_INFINITY;
      void fireDue();
    });
  }

  async function fireDue(): Promise<void> {
    while (started) {
      try {
        const nextMs = await store.transact(fireBatch);
        batchSize = Math.min(batchSize * 2, largestBatch);
        if (nextMs !== undefined) arm(nextMs);
        return;
      } catch (error) {
        // A store that has failed has told the platform already (store.S6); the next start fires what is left.
        if (isStoreOut(error)) return onError(error, name);
        if (batchSize === 1) await abandonFirst(error as Error);
        else batchSize = Math.floor(batchSize / 2);
      }
    }
  }

  function fireBatch(tx: Transaction): number | undefined {
    const nowMs = clock.nowMs();
    for (const entry of entriesOf(tx, batchSize)) {
      if (entry.atMs > nowMs) return entry.atMs;
      tx.delete(entry.key);
      try {
        tx.savepoint(() => fire(tx, entry.id, entry.atMs));
      } catch (error) {
        if (isStoreOut(error)) throw error;
        again(tx, entry, error as Error);
      }
    }
    return entriesOf(tx, 1)[0]?.atMs;
  }

  /** T4: sets a timer again whose handler threw, or gives it up. */
  function again(tx: Transaction, entry: Entry, error: Error): void {
    const { id, attempt } = entry;
    onError(error, id);
    if (attempt >= mostAttempts) retired.giveUp(tx, entry, error);
    else tx.put(keyFor(clock.nowMs() + retryAfterMs * 2 ** (attempt - 1), id), attempt + 1);
  }

  /** T5: the earliest timer alone made its transaction fail. */
  async function abandonFirst(error: Error): Promise<void> {
    let first: Entry | undefined;
    const remove = (end: (tx: Transaction, entry: Entry) => void): Promise<void> =>
      store.transact((tx) => {
        first ??= entriesOf(tx, 1).find(({ atMs }) => atMs <= clock.nowMs());
        if (first === undefined) return;
        tx.delete(first.key);
        end(tx, first);
      });
    await remove((tx, entry) => {
      onError(error, entry.id);
      retired.giveUp(tx, entry, error);
    }).catch((failed) => {
      if (isStoreOut(failed)) return;
      onError(failed, first?.id ?? name);
      return remove((tx, entry) => retired.retire(tx, entry, error));
    });
  }

  function entriesOf(view: Pick<Store, "scan">, limit: number): Entry[] {
    return view.scan<number>(pending, { limit }).map(([key, attempt]) => {
      const [, , atMs, id] = partsOf(key) as [string, string, number, string];
      return { key, atMs, id, attempt };
    });
  }

  /** T6: takes back what earlier runs retired, for its last attempt. */
  async function takeBack(): Promise<void> {
    await store.transact((tx) => {
      for (const { atMs, id } of retired.takeBack(tx)) {
        tx.put(keyFor(atMs, id), mostAttempts);
        tx.afterCommit(() => arm(atMs));
      }
    });
  }

  return {
    set(tx, atMs, id) {
      checkInstant(atMs, `timer of ${name} ${JSON.stringify(id)}`);
      tx.put(keyFor(atMs, id), 1);
      tx.afterCommit(() => arm(atMs));
    },
    cancel: (tx, atMs, id) => tx.delete(keyFor(atMs, id)),
    count: () => store.scan(pending).length,
    start() {
      started = true;
      if (retired.hasAny(store)) takeBack().catch((error) => onError(error, name));
      const [next] = entriesOf(store, 1);
      if (next !== undefined) arm(next.atMs);
    },
    stop() {
      started = false;
      disarm();
    },
  };
}
