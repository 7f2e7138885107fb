/**
 * RedriveExecution: how an execution that has failed goes on from where it stood (`standing` in scope.ts).
 *
 * R1. A state that was entered and not left runs again, with its raw input, the variables of its scope and no attempts counted; it is
 *     not entered again, but for Fail. What was left does not run again.
 * R2. Children of a Parallel or Map that failed or were aborted go on where each stood (an Express child begins anew); those that
 *     ended keep their outputs, those that had not begun begin in their turn. A state whose own result was too large
 *     (`States.DataLimitExceeded`) begins anew.
 * R3. Deadlines, the machine's own too, are counted afresh.
 */
import type { Stimulus } from "./decision.ts";
import { emit, type Run } from "./run.ts";
import { type Node, type Root, standing } from "./scope.ts";
import { formatTimestamp } from "./timestamps.ts";

/** Goes on from where the execution ended; `top` is opened from what it has kept. */
export function redrive(run: Run, top: Node, { redriveCount }: Stimulus & { readonly kind: "redrive" }): void {
  const { root, machine, env } = run;
  root.x = { ...root.x, Execution: { ...root.x.Execution, RedriveCount: redriveCount, RedriveTime: formatTimestamp(env.nowMs) } };
  if (machine.timeoutSeconds !== undefined) root.d = env.nowMs + machine.timeoutSeconds * 1_000;
  top.scope.h = root.n;
  emit(run, top, "ExecutionRedriven", { redriveCount });
  run.queue.push(top);
}

/** Makes an execution that has ended stand where it ended. */
export function standUp(root: Root): void {
  const kept = root.z ?? (root.q && standing(root.q, root.q.c));
  delete root.z;
  if (kept) root.q = kept;
}
