/**
 * What waits, in turns: one of each owner, then the next one of each. Those of one owner keep their order, and an owner that had
 * nothing waiting comes after those that had.
 */
export interface Turns<T> {
  add(owner: string, item: T): void;
  /** The next one, which waits no longer; undefined where nothing waits. */
  take(): T | undefined;
  size(): number;
}

export function createTurns<T>(): Turns<T> {
  /** Each owner's, from `next` on; whose turn it is first. */
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
        // What was taken is let go of now and then, at a cost that does not grow with what waits.
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
