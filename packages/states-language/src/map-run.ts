/** The run of a distributed Map, as DescribeMapRun tells of it and its ResultWriter writes it. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { MapRunCounts, MapRunReport, Stimulus } from "./decision.ts";
import { isObject } from "./frame.ts";
import type { Run } from "./run.ts";
import { type Children, type Node, stateOf } from "./scope.ts";

/** What a Map has that names no other, or 0. */
export const distributedConcurrency = 10_000;
/** So many children live at a time, however many the Map allows: every step of one looks through them. */
export const mostLive = 1_000;

/** Remembers that the run of a node's children has moved, or ended. An end that was told stays. */
export function reportMapRun(run: Run, node: Node, status: MapRunReport["status"]): void {
  const arn = node.scope.c?.a;
  if (arn === undefined || hasEnded(run, node)) return;
  run.mapRuns ??= new Map();
  run.mapRuns.set(arn, { node, ...(status !== "RUNNING" && { ended: reportOf(node, node.scope.c as Children, status) }) });
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
    return children?.a === arn ? [reportOf(node, children, "RUNNING")] : [];
  });
}

function reportOf(node: Node, children: Children, status: MapRunReport["status"]): MapRunReport {
  const { a: mapRunArn = "", m = 0, tc = 0, tp = 0 } = children;
  const state = stateOf(node);
  const executionCounts = countsOf(children, status);
  return {
    mapRunArn,
    status,
    maxConcurrency: m,
    toleratedFailureCount: tc,
    toleratedFailurePercentage: tp,
    executionCounts,
    itemCounts:
      state.type === "Map" && state.batcher ? countsOf(children, status, (index) => sizeOf(children.it?.[index])) : executionCounts,
  };
}

/** How many items a batch has. */
function sizeOf(batch: JsonValue | undefined): number {
  return isObject(batch) && Array.isArray(batch.Items) ? batch.Items.length : 1;
}

/** @param size how many a child counts for; one, where it is left out */
function countsOf(
  { n, x, l, z = {}, y = {}, wd }: Children,
  status: MapRunReport["status"],
  size?: (index: number) => number,
): MapRunCounts {
  const sum = (indexes: readonly string[]): number =>
    size === undefined ? indexes.length : indexes.reduce((total, index) => total + size(Number(index)), 0);
  const sumFrom = (first: number): number =>
    size === undefined ? n - first : sum(Array.from({ length: n - first }, (_, i) => String(first + i)));
  const failed = sum(Object.keys(z));
  const begun = sum(Object.keys(l).filter((index) => z[index] === undefined));
  // What a redrive takes up again waits for its turn.
  const pending = sum(Object.keys(y)) + sumFrom(x);
  const total = sumFrom(0);
  // What had begun when the run ended was aborted with it.
  const aborted = status === "FAILED" || status === "ABORTED" ? begun : 0;
  const [running, succeeded] = [begun - aborted, total - pending - failed - begun];
  return { total, pending, running, succeeded, failed, aborted, resultsWritten: wd ? total : 0 };
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
