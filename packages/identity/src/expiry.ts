/**
 * Records that end by themselves: codes, limits, sessions.
 *
 * E1. A record with `expiresMs`, or a session at its end, counts as gone from that instant on, whether it has been removed yet or not; removal only keeps the store small.
 * E2. A guest or device whose last session ended is removed too: that user cannot sign in again.
 */
import type { Clock } from "@serverlesspresso/ports";
import { type Key, partsOf, type Store, type Transaction } from "@serverlesspresso/store";
import { createTimers } from "@serverlesspresso/timers";
import { keys } from "./keys.ts";
import { kinds } from "./record-kinds.ts";
import { readUser } from "./stored-user.ts";

interface Expiring {
  /** Of a session it follows from its start. */
  readonly expiresMs?: number;
}

/** Deletes records when their time is over (E1, E2). A later time for the same key replaces the earlier one. */
export interface Expiry {
  set(tx: Transaction, key: Key, expiresMs: number): void;
  start(): void;
  stop(): void;
}

/** Returns the expiry of a store's records, which fires from `start` on. */
export function createExpiry(store: Store, clock: Clock, onError: (error: unknown, what: string) => void): Expiry {
  const timers = createTimers({ store, clock, name: "identity", fire, onError: (error, id) => onError(error, `end of ${id}`) });

  function fire(tx: Transaction, key: Key): void {
    const record = tx.get<Expiring>(key);
    // A later record under the same key has a later timer of its own; a session has no later record.
    if (record?.expiresMs !== undefined && record.expiresMs > clock.nowMs()) return;
    if (record !== undefined) tx.delete(key);
    const [kind, first] = partsOf(key) as [string, string];
    if (kind === "isession") removeLoner(tx, first);
  }

  function removeLoner(tx: Transaction, sub: string): void {
    const user = readUser(tx, sub);
    if (user === undefined || user.kind === "account") return;
    if (tx.scan(kinds.sessions.range(sub), { limit: 1 }).length === 0) tx.delete(keys.user(sub));
  }

  return {
    set: (tx, key, expiresMs) => timers.set(tx, expiresMs, key),
    start: () => timers.start(),
    stop: () => timers.stop(),
  };
}
