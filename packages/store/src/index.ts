export { StoreError, type StoreErrorCode } from "./errors.ts";
export { compareKeys, type Key, type KeyPart, type KeyRange, keyOf, maxKeyBytes, partsOf, rangeOf } from "./key.ts";
export { formatVersion, openStore, type ReadView, type ScanOptions, type Store, type StoreOptions, type Transaction } from "./store.ts";
