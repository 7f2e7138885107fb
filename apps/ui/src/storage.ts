/**
 * What an app keeps on the device.
 *
 * D1. Drafts, outbox and choices lie in localStorage: written at once, so that even a page killed in the same instant has kept them.
 * D2. The refresh token lies in IndexedDB, the access token in memory only. Memory alone would not do: a phone drops pages in the background,
 *     a guest has no password to come back with, and with the identity the order would be lost. sessionStorage ends with the tab, and each
 *     scan opens a new one. IndexedDB is reached by script only, of which the page's policy admits none but our own, and the token is
 *     rotated at each use, so a copied one ends the whole family.
 * D3. A device that forbids storage (private windows) still works, until the page is closed.
 */

/** Synchronous JSON storage (D1). */
export interface Shelf {
  get<T>(key: string): T | undefined;
  set(key: string, value: unknown): void;
}

/** localStorage under a prefix, or memory where that is forbidden (D3). A value that is not JSON counts as absent. */
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
  };
}

/** Asynchronous storage for secrets (D2). */
export interface Vault {
  get(key: string): Promise<unknown>;
  /** `undefined` forgets it. */
  set(key: string, value: unknown): Promise<void>;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** IndexedDB, or memory where that is forbidden (D3). */
export function openVault(): Vault {
  const memory = new Map<string, unknown>();
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opened ??= Promise.resolve().then(() => {
      const request = indexedDB.open("serverlesspresso", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("vault");
      return done(request);
    });
    return opened;
  };
  const store = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => (await open()).transaction("vault", mode).objectStore("vault");
  return {
    get: (key) =>
      store("readonly")
        .then((kept) => done<unknown>(kept.get(key)))
        .catch(() => memory.get(key)),
    async set(key, value) {
      memory.set(key, value);
      await store("readwrite")
        .then((kept): Promise<unknown> => (value === undefined ? done(kept.delete(key)) : done(kept.put(value, key))))
        .catch(() => {});
    },
  };
}
