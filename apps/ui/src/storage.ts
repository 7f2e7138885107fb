/**
 * What an app keeps on the device.
 *
 * D1. Drafts, outbox and choices lie in localStorage: written at once, so that even a page killed in the same instant has kept them.
 * D2. A device that forbids storage (private windows) still works, until the page is closed.
 */
/** Synchronous JSON storage (D1). */
export interface Shelf {
  get<T>(key: string): T | undefined;
  set(key: string, value: unknown): void;
  /** Calls `fn` whenever another tab has changed something. */
  watch(fn: () => void): void;
}

/** localStorage under a prefix, or memory where that is forbidden (D2). A value that is not JSON counts as absent. */
export function openShelf(prefix: string): Shelf {
  const memory = new Map<string, string>();
  const attempt = <T>(fn: () => T): T | undefined => {
    try {
      return fn();
    } catch {
      return undefined;
    }
  };
  return {
    get: (key) => attempt(() => JSON.parse(memory.get(key) ?? localStorage.getItem(prefix + key) ?? "")),
    set(key, value) {
      const text = value === undefined ? "" : JSON.stringify(value);
      const kept = attempt(() => {
        if (text) localStorage.setItem(prefix + key, text);
        else localStorage.removeItem(prefix + key);
        return true;
      });
      if (kept) memory.delete(key);
      else memory.set(key, text);
    },
    watch: (fn) => addEventListener("storage", fn),
  };
}
