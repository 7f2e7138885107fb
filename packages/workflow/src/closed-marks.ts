/** What is marked of an execution that has ended: by what it is listed beside its start (`closed-store.ts`, C1). */

/** How an execution may have ended. */
export type ClosedStatus = "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
/** All of them. */
export const closedStatuses: readonly ClosedStatus[] = ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];

/** Names the executions that are marked in one way. */
export type Scope = "" | "r" | `m:${string}` | `q:${string}`;

/** What of a record counts. */
interface Marked {
  readonly status: ClosedStatus;
  readonly redrives?: object;
  readonly child?: { readonly runId: string };
  readonly version?: number;
  readonly alias?: string;
}

/** Returns the ways in which the execution of this record is marked. */
export function scopesOf({ status, redrives, child, version, alias }: Marked): Scope[] {
  const scopes: Scope[] = [];
  if (status !== "SUCCEEDED") scopes.push("");
  if (redrives !== undefined) scopes.push("r");
  if (child !== undefined) scopes.push(`m:${child.runId}`);
  if (version !== undefined) scopes.push(`q:${version}`);
  if (alias !== undefined) scopes.push(`q:${alias}`);
  return scopes;
}
