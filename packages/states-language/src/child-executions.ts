/**
 * The children of a distributed Map, which are executions of their own: names, events and ends.
 *
 * C1. A child's events have ids of its own, from 1 on; the execution around it has the Map's alone. An Express child has none.
 * C2. It keeps its name and its ids through every redrive; an Express child begins anew, under another name.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { ChildReport, HistoryEvent, Outcome } from "./decision.ts";
import { isObject } from "./frame.ts";
import type { MapState } from "./machine.ts";
import { emit, type Run } from "./run.ts";
import { type ChildExecution, type Children, type Node, type Scope, stateOf } from "./scope.ts";
import { formatTimestamp } from "./timestamps.ts";

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

/** Writes down an event of a child (C1). */
export function keepEvent(run: Run, execution: Node, event: HistoryEvent): void {
  reportOf(run, execution)?.events.push(event);
}

/** Whether a child has a history; one begun by an earlier release has none. */
export function hasHistory({ scope, parent }: Node): boolean {
  return scope.x !== undefined && !(parent && (stateOf(parent) as MapState).express);
}

/** The ARN of a child. */
export function childArn({ parent, scope }: Node): string {
  return `${machineArn(parent).replace(":stateMachine:", ":execution:")}:${scope.x?.nm}`;
}

/** `Execution` and `StateMachine` of a child's context object. */
export function childContext(run: Run, execution: Node, { nm, t, i, rd, rt }: ChildExecution): JsonObject {
  const Id = machineArn(execution.parent);
  return {
    Execution: {
      Id: childArn(execution),
      ...(i !== undefined && { Input: i }),
      Name: nm,
      RoleArn: run.root.x.Execution.RoleArn,
      StartTime: formatTimestamp(t),
      RedriveCount: rd ?? 0,
      ...(rt !== undefined && { RedriveTime: formatTimestamp(rt) }),
    },
    StateMachine: { Id, Name: Id.slice(Id.lastIndexOf(":") + 1) },
  };
}

/** How many items a child has: those of its batch, or one. */
export function sizeOf(part: JsonValue | undefined): number {
  return isObject(part) && Array.isArray(part.Items) ? part.Items.length : 1;
}

/** The machine `Name/Label` that the children of a Map run. */
function machineArn(map: Node | undefined): string {
  const mapRunArn = map?.scope.c?.a ?? "";
  return mapRunArn.slice(0, mapRunArn.lastIndexOf(":")).replace(":mapRun:", ":stateMachine:");
}

function reportOf(run: Run, { scope, parent, index }: Node): ChildReport | undefined {
  return scope.x && parent && reportAt(run, parent, index, scope.x);
}

function reportAt(run: Run, map: Node, index: number, { nm: name, t: startMs, rd, rt }: ChildExecution): ChildReport | undefined {
  const { a: mapRunArn, it } = map.scope.c ?? ({} as Partial<Children>);
  const state = stateOf(map);
  if (mapRunArn === undefined || state.type !== "Map") return undefined;
  run.children ??= new Map();
  let report = run.children.get(name);
  if (report === undefined) {
    const itemCount = state.batcher ? sizeOf(it?.[index]) : 1;
    report = { mapRunArn, stateName: state.name, index, name, startMs, itemCount, isExpress: state.express, events: [] };
    run.children.set(name, report);
  }
  if (rd !== undefined && rt !== undefined) report.redrives = { count: rd, redriveMs: rt };
  return report;
}
