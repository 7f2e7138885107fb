/**
 * Brings the blueprint's resources into the engines.
 *
 * A1. A resource is put when the blueprint says something else of it than at the last start; otherwise it stays as the operator left it.
 */
import { createHash } from "node:crypto";
import type { Transaction } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

/** Calls `put` unless just this value was put under this name before (A1). */
export function applyOnce(tx: Transaction, kind: string, name: string, value: unknown, put: () => void): void {
  const key = kinds.applied.key(kind, name);
  const hash = createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 22);
  if (tx.get<string>(key) === hash) return;
  put();
  tx.put(key, hash);
}
