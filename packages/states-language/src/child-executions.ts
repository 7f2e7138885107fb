/**
 * The children of a distributed Map, which are executions of their own: names, events and ends.
 *
 * C1. A child's events have ids of its own, from 1 on; the execution around it has the Map's alone. An Express child has none.
 * C2. It keeps its name and its ids through every redrive; an Express child begins anew, under another name.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { reportAt, reportOf } from "./child-reports.ts";
import type { Outcome } from "./decision.ts";
import { emit, type Run } from "./run.ts";
import { type Node, type Scope, stateOf } from "./scope.ts";

/** Makes a new child an execution. */
export function startChild(run: Run, child: Node): void {
  const { input } = child;
  child.scope.x = { nm: run.env.uuid(), t: run.env.nowMs, ...(run.machine.keepsInput && { i: input }) };
  child.scope.n = 0;
  child.scope.h = 0;
  const report = reportOf(run, child);
  if (report) report.input = input;
  emit(run, child, "ExecutionStarted", { input, roleArn: run.root.x.Execution.RoleArn });
  child.scope.h = 0;
}

/** Redrive: a child goes on. */
export function redriveChild(run: Run, child: Node): void {
  const { scope } = child;
  if (scope.x === undefined) return;
  const { ab: _, ...kept } = scope.x;
  const redriveCount = (kept.rd ?? 0) + 1;
  scope.x = { ...kept, rd: redriveCount, rt: run.env.nowMs };
  scope.h = scope.n ?? 0;
  emit(run, child, "ExecutionRedriven", { redriveCount });
}

/** Says how a child has ended. */
export function endChild(run: Run, child: Node, outcome: Outcome): void {
  const { status, ...details } = outcome;
  emit(run, child, endings[status], details);
  const report = reportOf(run, child);
  if (!report) return;
  report.outcome = outcome;
  report.input ??= itemOf(child);
}

/** The input of a child that was given its item as it is, where the Map keeps its items. */
function itemOf({ parent, index }: Node): JsonValue | undefined {
  const state = parent && stateOf(parent);
  const isAsItIs = state?.type === "Map" && (state.batcher !== undefined || state.selector === undefined);
  return isAsItIs ? parent?.scope.c?.it?.[index] : undefined;
}

const endings = { SUCCEEDED: "ExecutionSucceeded", FAILED: "ExecutionFailed", TIMED_OUT: "ExecutionTimedOut", ABORTED: "ExecutionAborted" };

/** Says that these children, which a redrive takes up again, wait for their turn. */
export function reportPending(run: Run, map: Node, waiting: Readonly<Record<string, Scope>>): void {
  for (const [index, { x }] of Object.entries(waiting)) {
    const report = x && reportAt(run, map, Number(index), x);
    if (report) report.pending = true;
  }
}
