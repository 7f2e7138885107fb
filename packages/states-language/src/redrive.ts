/**
 * RedriveExecution: continues a failed execution from where it stood (`standing.ts`).
 *
 * R1. A state that was entered and not left runs again, with its raw input, the variables of its scope and zero attempts; it adds no
 *     second entered event, except Fail. States that were left do not run again.
 * R2. Children of a Parallel or Map that failed or were aborted continue where each stood (an Express child starts anew); those that
 *     succeeded keep their outputs, those that had not started start in their turn. A state whose own result was too large
 *     (`States.DataLimitExceeded`) starts anew.
 * R3. All deadlines start anew, the machine's own `TimeoutSeconds` too.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
import type { Stimulus } from "./decision.ts";
import { childrenOf } from "./execution-state.ts";
import type { Node, Root } from "./node.ts";
import { emit, type Run } from "./run.ts";
import { standing } from "./standing.ts";
import { formatTimestamp } from "./timestamps.ts";

/** Continues the execution from where it ended. `top` is the top node, opened from the stored state. */
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
