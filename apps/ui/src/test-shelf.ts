import type { Shelf } from "./storage.ts";

/** A shelf in memory for tests; pass its map to another to play a reload, and the watchers too to play another tab. */
export function createTestShelf(kept = new Map<string, string>(), watchers = new Map<Shelf, () => void>()): Shelf {
  const shelf: Shelf = {
    get: (key) => (kept.has(key) ? JSON.parse(kept.get(key) ?? "") : undefined),
    all: <T>(start: string) => [...kept].flatMap(([key, text]) => (key.startsWith(start) ? (JSON.parse(text) as T) : [])),
    set(key, value) {
      if (value === undefined) kept.delete(key);
      else kept.set(key, JSON.stringify(value));
      for (const [other, tell] of watchers) if (other !== shelf) tell();
    },
    watch: (fn) => void watchers.set(shelf, fn),
  };
  return shelf;
}
