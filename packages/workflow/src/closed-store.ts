/**
 * How an execution that has ended lies in the store, and how it is found by more than its start.
 *
 * C1. Beside its record stand marks (`xi`), one for each way in which it is listed: `""` with how it ended, `r` as one that was redriven,
 *     `m:ID` as a child of that Map run, `q:live` by the version or alias that it was started by.
 * C2. Marks and record change in the same transaction: none is without the other.
 * C3. One that has succeeded, as nearly all do, has no mark for how it ended: the records themselves are listed in its place.
 */
import type { Key, Transaction } from "@serverlesspresso/store";
import { scopesOf } from "./closed-marks.ts";
import { type ExecutionId, keys } from "./keys.ts";
import type { ClosedRecord } from "./records.ts";

/** Writes the record of an execution that has ended, in place of one that is there. */
export function putClosed(tx: Transaction, id: ExecutionId, record: ClosedRecord): void {
  tx.put(keys.closed(id), record);
  for (const key of marksOf(id, record)) tx.put(key, 1);
}

/** Deletes the record of an execution that goes on, or is forgotten. */
export function removeClosed(tx: Transaction, id: ExecutionId, record: ClosedRecord): void {
  tx.delete(keys.closed(id));
  for (const key of marksOf(id, record)) tx.delete(key);
}

function marksOf(id: ExecutionId, record: ClosedRecord): Key[] {
  return scopesOf(record).map((scope) => keys.mark(id, scope, record.status));
}
