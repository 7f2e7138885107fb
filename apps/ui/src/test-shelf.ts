import type { Shelf } from "./storage.ts";

/** A shelf in memory for tests; pass its map to another to play a reload. */
export function createTestShelf(kept = new Map<string, string>()): Shelf {
  return {
    get: (key) => (kept.has(key) ? JSON.parse(kept.get(key) ?? "") : undefined),
    set: (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, JSON.stringify(value))),
  };
}
