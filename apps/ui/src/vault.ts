/**
 * What an app keeps secret.
 *
 * V1. The refresh token lies in IndexedDB, the access token in memory only. Memory alone would not do: a phone drops pages in the background,
 *     a guest has no password to come back with, and with the identity the order would be lost. sessionStorage ends with the tab, and each
 *     scan opens a new one. IndexedDB is reached by script only, of which the page's policy admits none but our own, and the token is
 *     rotated at each use, so a copied one ends the whole family.
 * V2. Where IndexedDB is forbidden, the secret lasts as long as the page.
 */

/** Asynchronous storage for secrets (V1). */
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

/** IndexedDB, or memory where that is forbidden (V2). */
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
