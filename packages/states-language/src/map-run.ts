/** The run of a distributed Map, as DescribeMapRun tells of it and its ResultWriter writes it. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { MapRunCounts, MapRunReport, Stimulus } from "./decision.ts";
import { isObject } from "./frame.ts";
import type { Run } from "./run.ts";
import type { Children, Node } from "./scope.ts";

/** What a Map has that names no other, or 0. */
export const distributedConcurrency = 10_000;

/** Remembers that the run of a node's children has moved, or ended. An end that was told stays. */
export function reportMapRun(run: Run, node: Node, status: MapRunReport["status"]): void {
  const arn = node.scope.c?.a;
  if (arn === undefined || hasEnded(run, node)) return;
  run.mapRuns ??= new Map();
  run.mapRuns.set(arn, { node, ...(status !== "RUNNING" && { ended: reportOf(node.scope.c as Children, status) }) });
}

/** True where the decision has told of the run's end. */
export function hasEnded(run: Run, { scope }: Node): boolean {
  return scope.c?.a !== undefined && run.mapRuns?.get(scope.c.a)?.ended !== undefined;
}

/** How the runs stand that this decision has moved. */
export function mapRunsOf({ mapRuns = new Map() }: Run): MapRunReport[] {
  return [...mapRuns].flatMap(([arn, { node, ended }]) => {
    const children = node.scope.c;
    if (ended !== undefined) return [ended];
    return children?.a === arn ? [reportOf(children, "RUNNING")] : [];
  });
}

function reportOf(children: Children, status: MapRunReport["status"]): MapRunReport {
  const { a: mapRunArn = "", m = 0, tc = 0, tp = 0 } = children;
  return {
    mapRunArn,
    status,
    maxConcurrency: m,
    toleratedFailureCount: tc,
    toleratedFailurePercentage: tp,
    executionCounts: countsOf(children, status, () => 1),
    itemCounts: countsOf(children, status, (index) => sizeOf(children.it?.[index])),
  };
}

/** How many items a child was given: an ItemBatcher gives it several. */
function sizeOf(item: JsonValue | undefined): number {
  return isObject(item) && Array.isArray(item.Items) ? item.Items.length : 1;
}

function countsOf(children: Children, status: MapRunReport["status"], size: (index: number) => number): MapRunCounts {
  const counts = { total: 0, pending: 0, running: 0, succeeded: 0, failed: 0, aborted: 0, resultsWritten: 0 };
  const isOver = status === "FAILED" || status === "ABORTED";
  for (let index = 0; index < children.n; index++) {
    const state = stateOf(children, index);
    // What had begun when the run ended was aborted with it.
    const told = state === "running" && isOver ? "aborted" : state;
    const items = size(index);
    counts[told] += items;
    counts.total += items;
  }
  return children.wd ? { ...counts, resultsWritten: counts.total } : counts;
}

function stateOf(children: Children, index: number): "pending" | "running" | "succeeded" | "failed" {
  if (index >= children.x || children.y?.[index] !== undefined) return "pending";
  if (children.z?.[index] !== undefined) return "failed";
  return children.l[index] === undefined ? "succeeded" : "running";
}

/** UpdateMapRun: new bounds for a run under way. */
export function changeMapRun(children: Children, change: Stimulus & { readonly kind: "updateMapRun" }): void {
  const { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = change;
  if (maxConcurrency !== undefined) children.m = maxConcurrency || distributedConcurrency;
  if (toleratedFailureCount !== undefined) children.tc = toleratedFailureCount;
  if (toleratedFailurePercentage !== undefined) children.tp = toleratedFailurePercentage;
}

/** Notes when a child began, and with what: a ResultWriter tells. */
export function noteStart(children: Children, index: number, input: JsonValue, nowMs: number): void {
  if (children.w) children.w[index] = [nowMs, nowMs, input];
}

export function noteEnd(children: Children, index: number, nowMs: number): void {
  const noted = children.w?.[index];
  if (children.w && noted) children.w[index] = [noted[0], nowMs, noted[2]];
}

/** What a ResultWriter writes: each child with its input, its times and its end. */
export function resultsOf({ w: notes = [], o: outputs, z: failed }: Children): JsonObject[] {
  return notes.map(([startMs, stopMs, input], index) => {
    const output = outputs[index] ?? null;
    const isFailed = failed?.[index] !== undefined;
    return { status: isFailed ? "FAILED" : "SUCCEEDED", input, startMs, stopMs, ...(isFailed ? { failure: output } : { output }) };
  });
}
