import { defineKind, type KeyPart, partsOf, type ReadView, StoreError, type Transaction } from "@serverlesspresso/store";

/** A timer by its instant and id. */
export interface Timer {
  readonly atMs: number;
  readonly id: string;
}

/** What timers of one kind become that can never fire. */
export interface RetiredTimersOptions {
  readonly name: string;
  readonly giveUp: ((tx: Transaction, id: string, error: Error) => void) | undefined;
  readonly onError: (error: unknown, id: string) => void;
}

/** The timers of one kind that were given up (T6). */
export interface RetiredTimers {
  /** Ends what a timer stood for; retires it without a way to do so, or where that fails. */
  giveUp(tx: Transaction, timer: Timer, error: Error): void;
  /** Keeps a timer aside until the next start. */
  retire(tx: Transaction, timer: Timer, error: Error): void;
  hasAny(view: ReadView): boolean;
  /** Removes and returns what earlier runs retired. */
  takeBack(tx: Transaction): Timer[];
}

const kind = defineKind({
  owner: "timers",
  prefix: "timer-retired",
  holds: "timers that could not fire",
  kept: "while needed",
  atMs: (parts: readonly KeyPart[]) => parts[2] as number,
});

/** Returns the retired timers of the kind `name`. */
export function createRetiredTimers({ name, giveUp, onError }: RetiredTimersOptions): RetiredTimers {
  const range = kind.range(name);

  function retire(tx: Transaction, { atMs, id }: Timer, error: Error): void {
    tx.put(kind.key(name, atMs, id), { reason: error.message });
    onError(new Error(`this timer is retired until the next start: ${error.message}`, { cause: error }), id);
  }

  return {
    retire,
    giveUp(tx, timer, error) {
      try {
        if (giveUp === undefined) retire(tx, timer, error);
        else tx.savepoint(() => giveUp(tx, timer.id, error));
      } catch (failed) {
        if (isStoreOut(failed)) throw failed;
        onError(failed, timer.id);
        retire(tx, timer, error);
      }
    },
    hasAny: (view) => view.keys(range, { limit: 1 }).length > 0,
    takeBack: (tx) =>
      tx.keys(range).map((key) => {
        const [, , atMs, id] = partsOf(key) as [string, string, number, string];
        tx.delete(key);
        return { atMs, id };
      }),
  };
}

/** Returns true where nothing can be written at all, so that no timer is at fault. */
export function isStoreOut(error: unknown): boolean {
  return error instanceof StoreError && (error.code === "Failed" || error.code === "Closed");
}
