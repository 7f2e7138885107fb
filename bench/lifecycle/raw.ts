/** The store's own limit: the writes of one lifecycle, as recorded, with nothing computed around them. */
import { keyOf, type Store, type Transaction } from "@serverlesspresso/store";

/** One write: how long its key is, and its value's text; without one, a deletion. */
export interface Write {
  readonly keyLength: number;
  readonly text?: string;
}

/** Records the writes of each transaction that goes through the store answered. */
export function recordWrites(store: Store): { readonly store: Store; readonly transactions: Write[][] } {
  const transactions: Write[][] = [];
  const transact: Store["transact"] = (fn) =>
    store.transact((tx) => {
      const writes = new Map<string, Write>();
      const result = fn({
        ...tx,
        put(key, value) {
          writes.set(key, { keyLength: key.length, text: JSON.stringify(value) });
          tx.put(key, value);
        },
        delete(key) {
          writes.set(key, { keyLength: key.length });
          tx.delete(key);
        },
        beforeCommit: (hook) => tx.beforeCommit(hook),
      });
      tx.beforeCommit(() => void transactions.push([...writes.values()]));
      return result;
    });
  return { store: { ...store, transact }, transactions };
}

/** Writes what one lifecycle writes, each of its transactions after the one before. */
export function createRawLifecycle(store: Store, transactions: readonly (readonly Write[])[]): () => Promise<void> {
  let lifecycles = 0;
  return async () => {
    const own = (lifecycles++).toString(36).padStart(8, "0");
    let deletions = 0;
    for (const [step, writes] of transactions.entries()) {
      await store.transact((tx: Transaction) => {
        for (const [i, { keyLength, text }] of writes.entries()) {
          // A deletion takes a key of the first transaction.
          if (text === undefined) tx.delete(keyFor(own, 0, deletions++, keyLength));
          else tx.put(keyFor(own, step, i, keyLength), text);
        }
      });
    }
  };
}

function keyFor(own: string, step: number, i: number, length: number): string {
  // Each kind of record lies in a range of its own, as the engine's do.
  return keyOf(`raw${i}`, own, step).padEnd(length, "x");
}
