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
  /** Every value whose key begins so. */
  all<T>(start: string): T[];
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
  const read = (name: string) => attempt(() => JSON.parse(memory.get(name) ?? localStorage.getItem(name) ?? ""));
  return {
    get: (key) => read(prefix + key),
    all: (start) =>
      Object.keys({ ...attempt(() => localStorage), ...Object.fromEntries(memory) })
        .filter((name) => name.startsWith(prefix + start))
        .flatMap((name) => read(name) ?? []),
    set(key, value) {
      const name = prefix + key;
      const text = value === undefined ? "" : JSON.stringify(value);
      const kept = attempt(() => {
        if (text) localStorage.setItem(name, text);
        else localStorage.removeItem(name);
        return true;
      });
      if (kept) memory.delete(name);
      else memory.set(name, text);
    },
    watch: (fn) => addEventListener("storage", fn),
  };
}
