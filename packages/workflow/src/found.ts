import { type ExecutionId, partsOfId } from "./keys.ts";
import type { ChildPlace, ClosedRecord, RunningHead } from "./records.ts";

/** An execution that was asked for; its record shows whether it runs. */
export type Found = { readonly id: ExecutionId; readonly machine: string } & (
  | { readonly running: RunningHead }
  | { readonly closed: ClosedRecord }
);

/** Where a child of a distributed Map belongs; undefined for any other execution. */
export function childOf(found: Found): ChildPlace | undefined {
  return ("running" in found ? found.running : found.closed).child;
}

/** When an execution started, in ms. */
export function startOf(found: Found): number {
  return childOf(found)?.startMs ?? partsOfId(found.id).startMs;
}
