/** The run of a distributed Map, as DescribeMapRun tells of it and its ResultWriter writes it. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { childArn, sizeOf } from "./child-reports.ts";
import type { MapRunCounts, MapRunReport, Stimulus } from "./decision.ts";
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
  const isExpress = state.type === "Map" && state.express;
  const executionCounts = countsOf(children, status, isExpress);
  return {
    mapRunArn,
    ...(node.execution?.scope.x && { executionArn: childArn(node.execution) }),
    status,
    maxConcurrency: m,
    toleratedFailureCount: tc,
    toleratedFailurePercentage: tp,
    executionCounts,
    itemCounts:
      state.type === "Map" && state.batcher
        ? countsOf(children, status, isExpress, (index) => sizeOf(children.it?.[index]))
        : executionCounts,
  };
}

/** @param isExpress what failed begins anew when it is redriven
 * @param size how many a child counts for; one, where it is left out */
function countsOf(
  { n, x, l, z = {}, y = {}, wd }: Children,
  status: MapRunReport["status"],
  isExpress: boolean,
  size?: (index: number) => number,
): MapRunCounts {
  const sum = (indexes: readonly string[]): number =>
    size === undefined ? indexes.length : indexes.reduce((total, index) => total + size(Number(index)), 0);
  const sumFrom = (first: number): number =>
    size === undefined ? n - first : sum(Array.from({ length: n - first }, (_, i) => String(first + i)));
  const stopped = sum(Object.keys(z).filter((index) => z[index]?.x?.ab));
  const failed = sum(Object.keys(z)) - stopped;
  const begun = sum(Object.keys(l).filter((index) => z[index] === undefined));
  // What a redrive takes up again waits for its turn.
  const [again, unbegun] = [sum(Object.keys(y)), sumFrom(x)];
  const [pending, pendingRedrive] = isExpress ? [again + unbegun, 0] : [unbegun, again];
  const total = sumFrom(0);
  // What had begun when the run ended was aborted with it.
  const over = status === "FAILED" || status === "ABORTED" ? begun : 0;
  return {
    total,
    pending,
    pendingRedrive,
    running: begun - over,
    succeeded: total - pending - pendingRedrive - failed - stopped - begun,
    failed,
    aborted: over + stopped,
    resultsWritten: wd ? total : 0,
  };
}

/** What a Map says of the failures it tolerates. */
export interface Thresholds {
  readonly count: number | undefined;
  readonly percentage: number | undefined;
}

/**
 * Whether a Map goes on with so many failures of so many items: within each threshold it has, without one only where none failed.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/maprun-fail-threshold.html
 */
export function isTolerated(failed: number, total: number, { count, percentage }: Thresholds): boolean {
  const most = count ?? (percentage === undefined ? 0 : Number.POSITIVE_INFINITY);
  return failed <= most && (percentage === undefined || failed * 100 <= percentage * total);
}

/** UpdateMapRun: new bounds for a run under way. */
export function changeMapRun(children: Children, change: Stimulus & { readonly kind: "updateMapRun" }): void {
  const { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = change;
  if (maxConcurrency !== undefined) children.m = maxConcurrency || distributedConcurrency;
  if (toleratedFailureCount !== undefined) children.tc = toleratedFailureCount;
  if (toleratedFailurePercentage !== undefined) children.tp = toleratedFailurePercentage;
}

/** Notes when a child began, and with what: a ResultWriter tells. */
export function noteStart(children: Children, index: number, input: JsonValue, nowMs: number, name: string | undefined): void {
  if (children.w) children.w[index] = noteOf(nowMs, nowMs, input, name);
}

export function noteEnd(children: Children, index: number, nowMs: number): void {
  const noted = children.w?.[index];
  if (children.w && noted) children.w[index] = noteOf(noted[0], nowMs, noted[2], noted[3]);
}

function noteOf(startMs: number, stopMs: number, input: JsonValue, name: string | undefined): NonNullable<Children["w"]>[number] {
  return name === undefined ? [startMs, stopMs, input] : [startMs, stopMs, input, name];
}

/** What a ResultWriter writes: each child with its name, its input, its times and its end. */
export function resultsOf({ w: notes = [], o: outputs, z: failed }: Children): JsonObject[] {
  return notes.map(([startMs, stopMs, input, name], index) => {
    const output = outputs[index] ?? null;
    const isFailed = failed?.[index] !== undefined;
    return {
      ...(name !== undefined && { name }),
      status: isFailed ? "FAILED" : "SUCCEEDED",
      input,
      startMs,
      stopMs,
      ...(isFailed ? { failure: output } : { output }),
    };
  });
}
