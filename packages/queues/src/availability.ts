/** Wakes those who wait for messages: at once when some come, and by the clock when some become visible. */
import type { Clock } from "@serverlesspresso/ports";

/** Who waits for messages of which queue, and how they are woken. */
export interface Availability {
  /** Calls `fn` whenever there may be something new to have. Returns the end of it. */
  subscribe(queue: string, fn: () => void): () => void;
  /** There may be something to have at once. */
  notify(queue: string): void;
  /** There will be something at `atMs`. Only the nearest instant is kept. */
  expect(queue: string, atMs: number): void;
  stop(): void;
}

/** Returns the wakings of one process, by its clock. */
export function createAvailability(clock: Clock): Availability {
  const subscribers = new Map<string, Set<() => void>>();
  const armed = new Map<string, { readonly atMs: number; readonly disarm: () => void }>();

  function notify(queue: string): void {
    for (const fn of [...(subscribers.get(queue) ?? [])]) fn();
  }

  return {
    notify,
    subscribe(queue, fn) {
      const set = subscribers.get(queue) ?? new Set();
      subscribers.set(queue, set.add(fn));
      return () => void set.delete(fn);
    },
    expect(queue, atMs) {
      const before = armed.get(queue);
      if (before !== undefined && before.atMs <= atMs) return;
      before?.disarm();
      const disarm = clock.at(atMs, () => {
        armed.delete(queue);
        notify(queue);
      });
      armed.set(queue, { atMs, disarm });
    },
    stop() {
      for (const { disarm } of armed.values()) disarm();
      armed.clear();
      subscribers.clear();
    },
  };
}
