/**
 * A queue that takes turns among owners: one item of each owner, then the next one of each. The items of one owner keep their order. An owner
 * without waiting items joins behind those that have some.
 */
export interface Turns<T> {
  /** Adds an item behind those of the same owner. */
  add(owner: string, item: T): void;
  /** Removes and returns the next item; undefined if the queue is empty. */
  take(): T | undefined;
  /** The number of waiting items. */
  size(): number;
}

/** Creates an empty queue. */
export function createTurns<T>(): Turns<T> {
  /** Each owner's items, waiting from index `next` on; the owner whose turn it is comes first. */
  const byOwner = new Map<string, { items: T[]; next: number }>();
  let size = 0;

  return {
    add(owner, item) {
      const own = byOwner.get(owner);
      if (own === undefined) byOwner.set(owner, { items: [item], next: 0 });
      else own.items.push(item);
      size += 1;
    },
    take() {
      for (const [owner, own] of byOwner) {
        const item = own.items[own.next++] as T;
        size -= 1;
        byOwner.delete(owner);
        if (own.next < own.items.length) byOwner.set(owner, own);
        // Taken items are dropped when they are more than half, so the cost per item does not grow with the queue.
        if (own.next > own.items.length / 2) {
          own.items = own.items.slice(own.next);
          own.next = 0;
        }
        return item;
      }
      return undefined;
    },
    size: () => size,
  };
}
