import type { LookupKey } from "./lookup-key.ts";
import type { Expression } from "./match-expression.ts";

/** What one path must hold. `keys` is the whole demand where each of its expressions has a key. */
export interface FieldPattern {
  readonly path: string;
  readonly expressions: readonly Expression[];
  readonly keys: readonly LookupKey[] | undefined;
}
/** Fields in the order of their paths. */
export type Alternative = readonly FieldPattern[];
