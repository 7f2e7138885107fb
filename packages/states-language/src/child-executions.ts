/**
 * The children of a distributed Map, which are executions of their own: their names, events and outcomes.
 *
 * C1. A child's events have ids of their own, from 1 on; the history of the parent execution has only the Map's events. An Express child has no events.
 * C2. A child keeps its name and its ids through every redrive; an Express child starts anew, under another name.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { reportAt, reportOf } from "./child-reports.ts";
import type { Outcome } from "./decision.ts";
import type { Scope } from "./execution-state.ts";
import { iterationsOf, type Node, stateOf } from "./node.ts";
import { emit, type Run } from "./run.ts";

/** Starts a new child as an execution. */
export function startChild(run: Run, child: Node): void {
  const { input } = child;
  child.scope.execution = {
    name: run.env.uuid(),
    startMs: run.env.nowMs,
    input: run.machine.keepsInput ? input : undefined,
    redrives: undefined,
    wasStopped: false,
    newestEventId: 0,
  };
  child.scope.newestEventId = 0;
  const report = reportOf(run, child);
  if (report) report.input = input;
  emit(run, child, "ExecutionStarted", { input, roleArn: run.root.context.Execution.RoleArn });
  child.scope.newestEventId = 0;
}

/** Continues a child in a redrive. */
export function redriveChild(run: Run, child: Node): void {
  const { scope } = child;
  const { execution } = scope;
  if (execution === undefined) return;
  const redriveCount = (execution.redrives?.count ?? 0) + 1;
  scope.execution = { ...execution, wasStopped: false, redrives: { count: redriveCount, redriveMs: run.env.nowMs } };
  scope.newestEventId = execution.newestEventId;
  emit(run, child, "ExecutionRedriven", { redriveCount });
}

/** Reports the outcome of a child. */
export function endChild(run: Run, child: Node, outcome: Outcome): void {
  const { status, ...details } = outcome;
  emit(run, child, endings[status], details);
  const report = reportOf(run, child);
  if (!report) return;
  report.outcome = outcome;
  report.input ??= itemOf(child);
}

/** Returns the input of a child that is its item unchanged, if the Map keeps its items; else undefined. */
function itemOf({ parent, index }: Node): JsonValue | undefined {
  const state = parent && stateOf(parent);
  const isAsItIs = state?.type === "Map" && (state.batcher !== undefined || state.selector === undefined);
  return isAsItIs ? (parent && iterationsOf(parent))?.items?.[index] : undefined;
}

const endings = { SUCCEEDED: "ExecutionSucceeded", FAILED: "ExecutionFailed", TIMED_OUT: "ExecutionTimedOut", ABORTED: "ExecutionAborted" };

/** Reports children that wait to be redriven. */
export function reportPending(run: Run, map: Node, waiting: Readonly<Record<string, Scope>>): void {
  for (const [index, { execution }] of Object.entries(waiting)) {
    const report = execution && reportAt(run, map, Number(index), execution);
    if (report) report.pending = true;
  }
}
