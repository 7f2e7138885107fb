/**
 * The children of distributed Maps, each listed and described as the execution that it is.
 *
 * L1. What a child is and has done is written in the transaction that moves it. What it goes on from lies in the execution that its
 *     Map belongs to, and that moves it.
 * L2. Children run under the machine `Machine/Label`, in whose order of start they are kept: the instant in their key is a place in
 *     that order, when they started stands in the record.
 * L3. None outlives the execution it belongs to: what that leaves running is ended with it.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ChildReport, HistoryEvent } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { putClosed, removeClosed } from "./closed-store.ts";
import type { Engine, Session } from "./engine.ts";
import { appendHistory, lastEvent } from "./history.ts";
import { type ExecutionId, executionIdOf, keys, partsOfId } from "./keys.ts";
import { identityOf, type Live } from "./live.ts";
import { type MapRunRecord, runIdOf } from "./map-runs.ts";
import type { ChildPlace, ClosedRecord, ExecutionIdentity, RunningHead, RunningRecord } from "./records.ts";
import { tellChild } from "./status-change.ts";

/** L1. */
export function recordChildren(engine: Engine, tx: Transaction, live: Live, reports: readonly ChildReport[] = []): void {
  if (live.express !== undefined) return;
  for (const report of reports) {
    const machine = machineOfRun(report.mapRunArn);
    const known = tx.get<number>(keys.name(machine, report.name));
    const place = known ?? engine.nextStart(tx, machine);
    if (known === undefined) tx.put(keys.name(machine, report.name), place);
    recordChild(engine, tx, live, executionIdOf(machine, place), report);
  }
}

function recordChild(engine: Engine, tx: Transaction, live: Live, id: ExecutionId, report: ChildReport): void {
  const { events, outcome, pending, redrives, input } = report;
  const running = tx.get<RunningHead>(keys.running(id));
  const ended = running === undefined ? tx.get<ClosedRecord>(keys.closed(id)) : undefined;
  const before = running ?? ended;
  const begins = before === undefined || events.some(({ type }) => type === "ExecutionRedriven");
  const identity: ExecutionIdentity = {
    ...identityOf(before ?? { name: report.name, revision: live.revision, child: placeOf(live, report) }),
    ...(redrives && { redrives }),
  };
  if (events.length > 0) record(engine, tx, id, identity, events);
  if (pending && ended !== undefined) putClosed(tx, id, { ...ended, pending });
  else if (outcome !== undefined) {
    close(engine, tx, id, { identity, status: outcome.status, outcome });
  } else if (begins) {
    if (ended !== undefined) removeClosed(tx, id, ended);
    tx.put(keys.running(id), { ...identity, open: {}, inbox: [], working: false } satisfies RunningRecord);
  }
  if (!report.isExpress && (begins || outcome !== undefined)) tellChild(engine, tx, id, { begins, outcome, input });
}

function placeOf(live: Live, { mapRunArn, stateName, index, startMs, itemCount, isExpress, input = null }: ChildReport): ChildPlace {
  return { of: live.id, runId: runIdOf(mapRunArn), stateName, index, startMs, itemCount, ...(isExpress && { express: { input } }) };
}

function close(
  engine: Engine,
  tx: Transaction,
  id: ExecutionId,
  {
    identity,
    status,
    outcome,
  }: Pick<ClosedRecord, "status"> & { readonly identity: ExecutionIdentity; readonly outcome: ChildReport["outcome"] },
): void {
  const { child } = identity;
  tx.delete(keys.running(id));
  engine.identities.forget(id);
  const ended = child?.express && outcome ? { child: { ...child, express: { ...child.express, outcome } } } : {};
  const stopMs = Math.max(engine.clock.nowMs(), child?.startMs ?? 0);
  putClosed(tx, id, { ...identity, ...ended, status, stopMs });
}

function record(engine: Engine, tx: Transaction, id: ExecutionId, { name }: ExecutionIdentity, events: readonly HistoryEvent[]): void {
  appendHistory(tx, id, events);
  engine.feed?.tell(tx, () => ({ executionArn: engine.arns.execution(partsOfId(id).machine, name), events }));
}

/** L3. */
export function endChildren(engine: Engine, tx: Transaction, parent: ExecutionId): void {
  for (const [, { report }] of tx.scan<MapRunRecord>(keys.mapRunsOf(parent))) {
    if (report.status !== "RUNNING") continue;
    for (const [key, running] of tx.scan<RunningHead>(keys.runningOf(machineOfRun(report.mapRunArn)))) {
      if (running.child?.of !== parent) continue;
      const id = keys.idOf(key);
      const outcome = { status: "ABORTED" } as const;
      const { id: last } = lastEvent(tx, id) ?? { id: 0 };
      if (!running.child.express) {
        const aborted = { id: last + 1, previousEventId: last, timestampMs: engine.clock.nowMs(), type: "ExecutionAborted" };
        record(engine, tx, id, running, [aborted]);
      }
      close(engine, tx, id, { identity: identityOf(running), status: "ABORTED", outcome });
      if (!running.child.express) tellChild(engine, tx, id, { begins: false, outcome });
    }
  }
}

/** StopExecution of a child. Returns the instant at which it stopped, in ms since 1970. */
export function stopMapChild(
  engine: Engine,
  session: Session,
  { of, runId, index }: ChildPlace,
  reason: { readonly error?: string; readonly cause?: string },
): number {
  const live = session.load(of);
  const run = session.tx.get<MapRunRecord>(keys.mapRun(of, runId));
  if (live !== undefined && run !== undefined) {
    session.enqueue(live, { kind: "abortChild", mapRunArn: run.report.mapRunArn, index, ...reason });
  }
  return engine.clock.nowMs();
}

/** The machine that the children of a run run under. */
export function machineOfRun(mapRunArn: string): string {
  return mapRunArn.split(":").at(-2) ?? "";
}

/** The Map run of a child. */
export function mapRunOf(view: ReadView, { of, runId }: ChildPlace): MapRunRecord | undefined {
  return view.get<MapRunRecord>(keys.mapRun(of, runId));
}

/** Of an Express child: what it ended with. */
export function expressEnding({ express }: ChildPlace): JsonObject {
  const outcome = express?.outcome;
  if (outcome === undefined) return {};
  const { status: _, ...told } = outcome;
  return told;
}
