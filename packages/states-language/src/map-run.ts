/** The run of a distributed Map, as DescribeMapRun describes it and its ResultWriter writes it. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { childArn, sizeOf } from "./child-reports.ts";
import type { MapRunCounts, MapRunReport, Stimulus } from "./decision.ts";
import { childrenOf, type Iterations, mapRunOf } from "./execution-state.ts";
import { iterationsOf, type Node, stateOf } from "./node.ts";
import type { Run } from "./run.ts";

/** What a Map has that names no other, or 0. */
export const distributedConcurrency = 10_000;
/** So many children live at a time, however many the Map allows: every step of one looks through them. */
export const mostLive = 1_000;

/** Remembers that the run of a node's children has moved, or ended. The first end that is reported stays. */
export function reportMapRun(run: Run, node: Node, status: MapRunReport["status"]): void {
  const iterations = iterationsOf(node);
  if (iterations?.run === undefined || hasEnded(run, node)) return;
  run.mapRuns ??= new Map();
  run.mapRuns.set(iterations.run.arn, { node, ...(status !== "RUNNING" && { ended: reportOf(node, iterations, status) }) });
}

/** Returns true where the decision has reported the end of the run. */
export function hasEnded(run: Run, { scope }: Node): boolean {
  const mapRun = mapRunOf(childrenOf(scope));
  return mapRun !== undefined && run.mapRuns?.get(mapRun.arn)?.ended !== undefined;
}

/** How the runs stand that this decision has moved. */
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

/** @param isExpress what failed begins anew when it is redriven
 * @param size how many a child counts for; one, where it is left out */
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
  // What a redrive takes up again waits for its turn.
  const [again, unbegun] = [sum(Object.keys(toGoOn)), sumFrom(next)];
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
    resultsWritten: run?.resultsLieOutside ? total : 0,
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
export function changeMapRun(children: Iterations, change: Stimulus & { readonly kind: "updateMapRun" }): void {
  const { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = change;
  if (maxConcurrency !== undefined) children.concurrency = maxConcurrency || distributedConcurrency;
  if (toleratedFailureCount !== undefined) children.toleratedCount = toleratedFailureCount;
  if (toleratedFailurePercentage !== undefined) children.toleratedPercentage = toleratedFailurePercentage;
}

/** Notes when a child began, and with what: a ResultWriter tells. */
export function noteStart({ notes }: Iterations, index: number, input: JsonValue, nowMs: number, name: string | undefined): void {
  if (notes) notes[index] = { startMs: nowMs, stopMs: nowMs, input, name };
}

/** Notes when a child ended. */
export function noteEnd({ notes }: Iterations, index: number, nowMs: number): void {
  const noted = notes?.[index];
  if (notes && noted) notes[index] = { ...noted, stopMs: nowMs };
}

/** What a ResultWriter writes: each child with its name, its input, its times and its end. */
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
