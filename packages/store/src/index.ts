export { formatVersion } from "./database.ts";
export { StoreError, type StoreErrorCode } from "./errors.ts";
export { compareKeys, type Key, type KeyPart, type KeyRange, keyOf, maxKeyBytes, partsOf, rangeOf } from "./key.ts";
export { declaredKinds, defineKind, type Kept, type Kind, type KindDeclaration, kindOf } from "./kinds.ts";
export { openStore, type ReadView, type ScanOptions, type Store, type StoreOptions, type Transaction } from "./store.ts";
