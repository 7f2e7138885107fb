/**
 * The runs of distributed Maps, as they lie in the store.
 *
 * N1. A run is recorded in the transaction that moves it.
 * N2. One whose execution has ended without a word on it (its history was full) was aborted with it.
 */
import type { MapRunReport } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { invalidArn } from "./arns.ts";
import type { Engine } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { type ExecutionId, keys } from "./keys.ts";
import type { Live } from "./live.ts";
import type { ClosedRecord } from "./records.ts";

/** A Map Run as the store keeps it. */
export interface MapRunRecord {
  readonly report: MapRunReport;
  readonly startMs: number;
  readonly stopMs?: number;
  readonly redrives?: { readonly count: number; readonly redriveMs: number };
}

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

/** Returns the id with which a Map Run's ARN ends. */
export function runIdOf(mapRunArn: string): string {
  return mapRunArn.slice(mapRunArn.lastIndexOf(":") + 1);
}
