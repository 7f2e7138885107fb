/**
 * Durable timers: ordered keys in the store, one wake-up in memory for the nearest.
 *
 * T1. A timer fires in a transaction that also removes it: once, together with all it causes, or not yet.
 * T2. A timer that came due while the process was down fires at once on start.
 * T3. None fires before its instant by the clock port; those due fire in order of instant.
 * T4. A timer whose handler throws is set again a second later and reported; the others go on.
 */
import type { Clock } from "@serverlesspresso/ports";
import { defineKind, type Key, partsOf, type Store, type Transaction } from "@serverlesspresso/store";

/** Timers of one kind. A timer is named by its instant and id; setting the same one again changes nothing. */
export interface Timers {
  set(tx: Transaction, atMs: number, id: string): void;
  cancel(tx: Transaction, atMs: number, id: string): void;
  /** How many are pending, from disk. */
  count(): number;
  /** Begins to fire, overdue ones first. Call once, when whatever `fire` needs is up. */
  start(): void;
  stop(): void;
}

export interface TimersOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Names this kind; part of the keys on disk, never to be changed. */
  readonly name: string;
  readonly fire: (tx: Transaction, id: string, atMs: number) => void;
  readonly onError: (error: unknown, id: string) => void;
}

const kind = defineKind({ prefix: "timer", holds: "timers", owner: "timers", kept: "while needed", atMs: (parts) => parts[2] as number });
const batchSize = 128;
const retryAfterMs = 1000;

export function createTimers({ store, clock, name, fire, onError }: TimersOptions): Timers {
  let armedMs = Number.POSITIVE_INFINITY;
  let disarm: () => void = () => {};
  let started = false;
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
    if (!started) return;
    // A store that has failed has told the platform already (S6); the next start fires what is left.
    await store
      .transact((tx) => fireBatch(tx))
      .then(
        (nextMs) => nextMs !== undefined && arm(nextMs),
        (error) => onError(error, name),
      );
  }

  function fireBatch(tx: Transaction): number | undefined {
    const nowMs = clock.nowMs();
    const first = tx.scan<1>(kind.range(name), { limit: batchSize });
    for (const [key] of first) {
      const [, , atMs, id] = partsOf(key) as [string, string, number, string];
      if (atMs > nowMs) return atMs;
      tx.delete(key);
      try {
        tx.savepoint(() => fire(tx, id, atMs));
      } catch (error) {
        tx.put(keyFor(nowMs + retryAfterMs, id), 1);
        onError(error, id);
      }
    }
    const [next] = tx.scan<1>(kind.range(name), { limit: 1 });
    return next === undefined ? undefined : (partsOf(next[0])[2] as number);
  }

  return {
    set(tx, atMs, id) {
      tx.put(keyFor(atMs, id), 1);
      tx.afterCommit(() => arm(atMs));
    },
    cancel: (tx, atMs, id) => tx.delete(keyFor(atMs, id)),
    count: () => store.scan(kind.range(name)).length,
    start() {
      started = true;
      const [next] = store.scan<1>(kind.range(name), { limit: 1 });
      if (next !== undefined) arm(partsOf(next[0])[2] as number);
    },
    stop() {
      started = false;
      disarm();
    },
  };
}
