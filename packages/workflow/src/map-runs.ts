/**
 * The runs of distributed Maps, as DescribeMapRun tells of them.
 *
 * N1. A run is recorded in the transaction that moves it.
 * N2. One whose execution has ended without a word on it (its history was full) was aborted with it.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { MapRunCounts, MapRunReport } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import * as z from "zod";
import { invalidArn } from "./arns.ts";
import type { Engine, Session } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { childOf, type Found } from "./found.ts";
import { type ExecutionId, keys, partsOfId } from "./keys.ts";
import type { Live } from "./live.ts";
import { arn, page, pageSize, pageToken, parse, seconds } from "./operations/request.ts";
import type { ClosedRecord, RunningHead } from "./records.ts";

export interface MapRunRecord {
  readonly report: MapRunReport;
  readonly startMs: number;
  readonly stopMs?: number;
  readonly redrives?: { readonly count: number; readonly redriveMs: number };
}

const DescribeMapRun = z.object({ mapRunArn: arn });
const ListMapRuns = z.object({ executionArn: arn, ...page });
const whole = z.number().int().min(0);
const UpdateMapRun = z.object({
  mapRunArn: arn,
  maxConcurrency: whole.optional(),
  toleratedFailureCount: whole.optional(),
  toleratedFailurePercentage: z.number().min(0).max(100).optional(),
});

/** N1. */
export function recordMapRuns(engine: Engine, tx: Transaction, live: Live, reports: readonly MapRunReport[] = []): void {
  if (live.express !== undefined) return;
  for (const report of reports) {
    const runId = runIdOf(report.mapRunArn);
    const before = tx.get<MapRunRecord>(keys.mapRun(live.id, runId));
    if (before === undefined) tx.put(keys.mapRunPlace(runId), live.id);
    tx.put(keys.mapRun(live.id, runId), next(before, report, engine.clock.nowMs()));
  }
}

function next(before: MapRunRecord | undefined, report: MapRunReport, nowMs: number): MapRunRecord {
  const isRedriven = before?.stopMs !== undefined && report.status === "RUNNING";
  const redrives = isRedriven ? { count: (before.redrives?.count ?? 0) + 1, redriveMs: nowMs } : before?.redrives;
  return {
    report,
    startMs: before?.startMs ?? nowMs,
    ...(report.status !== "RUNNING" && { stopMs: nowMs }),
    ...(redrives && { redrives }),
  };
}

export function describeMapRun(engine: Engine, view: ReadView, request: JsonObject): JsonObject {
  const { executionId, record } = findMapRun(view, parse(DescribeMapRun, request).mapRunArn);
  const { report, startMs, stopMs, redrives } = settled(view, executionId, record);
  const { mapRunArn, status, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = report;
  return {
    mapRunArn,
    executionArn: report.executionArn ?? executionArnOf(engine, view, executionId),
    status,
    startDate: seconds(startMs),
    ...(stopMs !== undefined && { stopDate: seconds(stopMs) }),
    maxConcurrency,
    toleratedFailureCount,
    toleratedFailurePercentage,
    itemCounts: countsOf(report.itemCounts),
    executionCounts: countsOf(report.executionCounts),
    redriveCount: redrives?.count ?? 0,
    ...(redrives && { redriveDate: seconds(redrives.redriveMs) }),
  };
}

/** What we do not tell apart is none; an earlier release did not count what waits for its redrive. */
const none: JsonObject = { timedOut: 0, failuresNotRedrivable: 0, pendingRedrive: 0 };
function countsOf(counts: MapRunCounts): JsonObject {
  return { ...none, ...counts };
}

export function listMapRuns(
  engine: Engine,
  find: (view: ReadView, executionArn: string) => Found,
  view: ReadView,
  request: JsonObject,
): JsonObject {
  const { executionArn, maxResults, nextToken } = parse(ListMapRuns, request);
  const found = find(view, executionArn);
  const child = childOf(found);
  const id = child?.of ?? found.id;
  const from = pageToken.read(z.number(), nextToken) ?? 0;
  const to = from + pageSize(maxResults);
  const runs = view
    .scan<MapRunRecord>(keys.mapRunsOf(id))
    .map(([, record]) => settled(view, id, record))
    .filter(({ report }) => report.executionArn === (child && executionArn))
    .sort((one, other) => one.startMs - other.startMs);
  return {
    mapRuns: runs.slice(from, to).map(({ report: { mapRunArn }, startMs, stopMs }) => ({
      executionArn,
      mapRunArn,
      stateMachineArn: engine.arns.stateMachine(found.machine),
      startDate: seconds(startMs),
      ...(stopMs !== undefined && { stopDate: seconds(stopMs) }),
    })),
    ...(runs.length > to && { nextToken: pageToken.write(to) }),
  };
}

/** @throws {WorkflowError} `ValidationException` where the run has ended */
export function updateMapRun(session: Session, request: JsonObject): JsonObject {
  const { mapRunArn, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = parse(UpdateMapRun, request);
  const { executionId, record } = findMapRun(session.tx, mapRunArn);
  const live = session.load(executionId);
  if (live === undefined || record.report.status !== "RUNNING") {
    throw new WorkflowError("ValidationException", `The map run is ${record.report.status}, expected RUNNING: '${mapRunArn}'`);
  }
  session.enqueue(live, {
    kind: "updateMapRun",
    mapRunArn,
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(toleratedFailureCount !== undefined && { toleratedFailureCount }),
    ...(toleratedFailurePercentage !== undefined && { toleratedFailurePercentage }),
  });
  return {};
}

/** The run of this ARN, with the execution it lies in. @throws {WorkflowError} `InvalidArn`, `ResourceNotFound` */
export function findMapRun(view: ReadView, mapRunArn: string): { readonly executionId: ExecutionId; readonly record: MapRunRecord } {
  if (!/^arn:aws:states:[^:]+:[^:]+:mapRun:[^:]+:[^:]+$/.test(mapRunArn)) throw invalidArn(mapRunArn);
  const runId = runIdOf(mapRunArn);
  const executionId = view.get<ExecutionId>(keys.mapRunPlace(runId));
  const record = executionId === undefined ? undefined : view.get<MapRunRecord>(keys.mapRun(executionId, runId));
  if (executionId === undefined || record?.report.mapRunArn !== mapRunArn) {
    throw new WorkflowError("ResourceNotFound", `Resource not found: '${mapRunArn}'`);
  }
  return { executionId, record };
}

/** N2. */
export function settled(view: ReadView, executionId: ExecutionId, record: MapRunRecord): MapRunRecord {
  const closed = record.report.status === "RUNNING" ? view.get<ClosedRecord>(keys.closed(executionId)) : undefined;
  return closed === undefined ? record : { ...record, report: { ...record.report, status: "ABORTED" }, stopMs: closed.stopMs };
}

function executionArnOf(engine: Engine, view: ReadView, id: ExecutionId): string {
  const record = view.get<RunningHead>(keys.running(id)) ?? view.get<ClosedRecord>(keys.closed(id));
  return engine.arns.execution(partsOfId(id).machine, record?.name ?? "");
}

export function runIdOf(mapRunArn: string): string {
  return mapRunArn.slice(mapRunArn.lastIndexOf(":") + 1);
}
