/**
 * RedriveExecution: how an execution that has failed goes on from where it stood (`standing.ts`).
 *
 * R1. A state that was entered and not left runs again, with its raw input, the variables of its scope and no attempts counted; it is
 *     not entered again, but for Fail. What was left does not run again.
 * R2. Children of a Parallel or Map that failed or were aborted go on where each stood (an Express child begins anew); those that
 *     ended keep their outputs, those that had not begun begin in their turn. A state whose own result was too large
 *     (`States.DataLimitExceeded`) begins anew.
 * R3. Deadlines, the machine's own too, are counted afresh.
 */
import type { Stimulus } from "./decision.ts";
import { childrenOf } from "./execution-state.ts";
import type { Node, Root } from "./node.ts";
import { emit, type Run } from "./run.ts";
import { standing } from "./standing.ts";
import { formatTimestamp } from "./timestamps.ts";

/** Goes on from where the execution ended; `top` is opened from what it has kept. */
export function redrive(run: Run, top: Node, { redriveCount }: Stimulus & { readonly kind: "redrive" }): void {
  const { root, machine, env } = run;
  root.context = {
    ...root.context,
    Execution: { ...root.context.Execution, RedriveCount: redriveCount, RedriveTime: formatTimestamp(env.nowMs) },
  };
  if (machine.timeoutSeconds !== undefined) root.deadlineMs = env.nowMs + machine.timeoutSeconds * 1_000;
  top.scope.newestEventId = root.newestEventId;
  emit(run, top, "ExecutionRedriven", { redriveCount });
  run.queue.push(top);
}

/** Makes an execution that has ended stand where it ended. */
export function standUp(root: Root): void {
  const { scope } = root;
  const kept = root.stood ?? (scope && standing(scope, childrenOf(scope)));
  root.stood = undefined;
  if (kept) root.scope = kept;
}
