/**
 * RedriveExecution: what an execution that has failed keeps, and how it goes on from there.
 *
 * R1. A state that was entered and not left runs again, with its raw input, the variables of its scope and no attempts counted; it is
 *     not entered again, but for Fail. What was left does not run again.
 * R2. Children of a Parallel or Map that failed or were aborted go on where each stood; those that ended keep their outputs, those
 *     that had not begun begin in their turn. A state whose own result was too large (`States.DataLimitExceeded`) begins anew.
 * R3. Deadlines, the machine's own too, are counted afresh.
 */
import { done, settle } from "./advance.ts";
import type { Stimulus } from "./decision.ts";
import type { State } from "./machine.ts";
import { reportMapRun } from "./map-run.ts";
import { emit, type Run } from "./run.ts";
import { goOnWithChildren } from "./run-children.ts";
import { isLive, type Node, openPath, ownChildren, type Root, standing, stateOf } from "./scope.ts";
import { formatTimestamp } from "./timestamps.ts";

/** Goes on from where the execution ended; `top` is opened from what it has kept. */
export function redrive(run: Run, top: Node, { redriveCount }: Stimulus & { readonly kind: "redrive" }): void {
  const { root, machine, env } = run;
  root.x = { ...root.x, Execution: { ...root.x.Execution, RedriveCount: redriveCount, RedriveTime: formatTimestamp(env.nowMs) } };
  if (machine.timeoutSeconds !== undefined) root.d = env.nowMs + machine.timeoutSeconds * 1_000;
  top.scope.h = root.n;
  emit(run, top, "ExecutionRedriven", { redriveCount });
  for (const node of revive(run, top)) goOn(run, node);
}

/** Puts what stood still back to work; answers the Parallels and Maps among it, outer before inner. */
function revive(run: Run, node: Node): Node[] {
  const { scope } = node;
  const state = stateOf(node);
  if (scope.c && (state.type === "Parallel" || state.type === "Map")) {
    return [node, ...reopenChildren(run, node, state).flatMap((child) => revive(run, child))];
  }
  if (state.type === "Fail") scope.k = "E";
  run.queue.push(node);
  return [];
}

/** The children that had begun and not ended; answers them. */
function reopenChildren(run: Run, node: Node, state: State): Node[] {
  const children = ownChildren(node);
  const { z: failed = {}, a: mapRun } = children;
  delete children.z;
  delete children.f;
  Object.assign(children.l, failed);
  if (mapRun !== undefined) {
    emit(run, node, "MapRunRedriven", { mapRunArn: mapRun, redriveCount: run.root.x.Execution.RedriveCount });
    reportMapRun(run, node, "RUNNING");
  }
  return Object.keys(children.l).map((index) => {
    const child = openPath(node, [Number(index)]);
    child.scope.h = node.scope.h;
    if (state.type === "Map") emit(run, child, "MapIterationStarted", { name: state.name, index: Number(index) });
    return child;
  });
}

function goOn(run: Run, node: Node): void {
  const state = stateOf(node);
  // One that went on before it may have ended everything, or this.
  if (run.outcome || !isLive(node, run.root) || (state.type !== "Parallel" && state.type !== "Map")) return;
  settle(run, node, () => done(state, goOnWithChildren(run, node, state)));
}

/** Makes an execution that has ended stand where it ended. */
export function standUp(root: Root): void {
  const kept = root.z ?? (root.q && standing(root.q, root.q.c));
  delete root.z;
  if (kept) root.q = kept;
}
