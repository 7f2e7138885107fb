/**
 * The run of a distributed Map, as DescribeMapRun returns it and a ResultWriter writes it.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeMapRun.html
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { childArn, sizeOf } from "./child-reports.ts";
import type { MapRunCounts, MapRunReport, Stimulus } from "./decision.ts";
import { childrenOf, type Iterations, mapRunOf } from "./execution-state.ts";
import { iterationsOf, type Node, stateOf } from "./node.ts";
import type { Run } from "./run.ts";

/** The concurrency of a distributed Map whose `MaxConcurrency` is absent or 0. */
export const distributedConcurrency = 10_000;
/** The most children that run at a time, even if the Map allows more: each step of a child searches all of them. */
export const mostLive = 1_000;

/** Records that the run of a node's children has changed or ended. The first reported end stays. */
export function reportMapRun(run: Run, node: Node, status: MapRunReport["status"]): void {
  const iterations = iterationsOf(node);
  if (iterations?.run === undefined || hasEnded(run, node)) return;
  run.mapRuns ??= new Map();
  run.mapRuns.set(iterations.run.arn, { node, ...(status !== "RUNNING" && { ended: reportOf(node, iterations, status) }) });
}

/** Returns true if the decision has reported the end of the run. */
export function hasEnded(run: Run, { scope }: Node): boolean {
  const mapRun = mapRunOf(childrenOf(scope));
  return mapRun !== undefined && run.mapRuns?.get(mapRun.arn)?.ended !== undefined;
}

/** Returns the reports of the runs that this decision changed. */
export function mapRunsOf({ mapRuns = new Map() }: Run): MapRunReport[] {
  return [...mapRuns].flatMap(([arn, { node, ended }]) => {
    if (ended !== undefined) return [ended];
    const iterations = iterationsOf(node);
    return iterations?.run?.arn === arn ? [reportOf(node, iterations, "RUNNING")] : [];
  });
}

function reportOf(node: Node, children: Iterations, status: MapRunReport["status"]): MapRunReport {
  const state = stateOf(node);
  const isExpress = state.type === "Map" && state.express;
  const executionCounts = countsOf(children, status, isExpress);
  return {
    mapRunArn: children.run?.arn ?? "",
    ...(node.execution?.scope.execution && { executionArn: childArn(node.execution) }),
    status,
    maxConcurrency: children.concurrency,
    toleratedFailureCount: children.toleratedCount ?? 0,
    toleratedFailurePercentage: children.toleratedPercentage ?? 0,
    executionCounts,
    itemCounts:
      state.type === "Map" && state.batcher
        ? countsOf(children, status, isExpress, (index) => sizeOf(children.items?.[index]))
        : executionCounts,
  };
}

/**
 * Returns the counts of a run.
 * @param isExpress failed children start anew in a redrive
 * @param size returns how many items a child counts for; by default one
 */
function countsOf(
  { count, next, live, stood = {}, toGoOn = {}, run }: Iterations,
  status: MapRunReport["status"],
  isExpress: boolean,
  size?: (index: number) => number,
): MapRunCounts {
  const sum = (indexes: readonly string[]): number =>
    size === undefined ? indexes.length : indexes.reduce((total, index) => total + size(Number(index)), 0);
  const sumFrom = (first: number): number =>
    size === undefined ? count - first : sum(Array.from({ length: count - first }, (_, i) => String(first + i)));
  const stopped = sum(Object.keys(stood).filter((index) => stood[index]?.execution?.wasStopped));
  const failed = sum(Object.keys(stood)) - stopped;
  const begun = sum(Object.keys(live).filter((index) => stood[index] === undefined));
  // Children to be redriven wait for their turn.
  const [again, unbegun] = [sum(Object.keys(toGoOn)), sumFrom(next)];
  const [pending, pendingRedrive] = isExpress ? [again + unbegun, 0] : [unbegun, again];
  const total = sumFrom(0);
  // Children that ran when the run ended were aborted with it.
  const over = status === "FAILED" || status === "ABORTED" ? begun : 0;
  return {
    total,
    pending,
    pendingRedrive,
    running: begun - over,
    succeeded: total - pending - pendingRedrive - failed - stopped - begun,
    failed,
    aborted: over + stopped,
    resultsWritten: run?.resultsLieOutside ? total : 0,
  };
}

/** The failures that a Map tolerates. */
export interface Thresholds {
  readonly count: number | undefined;
  readonly percentage: number | undefined;
}

/**
 * Returns true if a Map tolerates so many failures of so many items: each threshold holds, or nothing failed if it has no threshold.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/maprun-fail-threshold.html
 */
export function isTolerated(failed: number, total: number, { count, percentage }: Thresholds): boolean {
  const most = count ?? (percentage === undefined ? 0 : Number.POSITIVE_INFINITY);
  return failed <= most && (percentage === undefined || failed * 100 <= percentage * total);
}

/** Changes the limits of a running Map run (UpdateMapRun). */
export function changeMapRun(children: Iterations, change: Stimulus & { readonly kind: "updateMapRun" }): void {
  const { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = change;
  if (maxConcurrency !== undefined) children.concurrency = maxConcurrency || distributedConcurrency;
  if (toleratedFailureCount !== undefined) children.toleratedCount = toleratedFailureCount;
  if (toleratedFailurePercentage !== undefined) children.toleratedPercentage = toleratedFailurePercentage;
}

/** Records start and input of a child, for the ResultWriter. */
export function noteStart({ notes }: Iterations, index: number, input: JsonValue, nowMs: number, name: string | undefined): void {
  if (notes) notes[index] = { startMs: nowMs, stopMs: nowMs, input, name };
}

/** Records the end of a child. */
export function noteEnd({ notes }: Iterations, index: number, nowMs: number): void {
  const noted = notes?.[index];
  if (notes && noted) notes[index] = { ...noted, stopMs: nowMs };
}

/** Returns what a ResultWriter writes: each child with its name, input, times and outcome. */
export function resultsOf({ notes = [], outputs, stood }: Iterations): JsonObject[] {
  return notes.map(({ startMs, stopMs, input, name }, index) => {
    const output = outputs[index] ?? null;
    const isFailed = stood?.[index] !== undefined;
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
