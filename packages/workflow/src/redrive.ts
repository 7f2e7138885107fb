/**
 * RedriveExecution: an execution that has ended without success goes on from where it stood.
 *
 * Z1. It becomes running, with what it kept, in the transaction that also writes `ExecutionRedriven`: of two at once one wins.
 * Z2. It keeps its id, name, history, revision and, where it has them, version and alias.
 * Z3. The same client token within fifteen minutes answers the same redrive.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import { decodeState, type StoredState } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { removeClosed } from "./closed-store.ts";
import type { Engine, Session } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { childOf, type Found, startOf } from "./found.ts";
import { lastEvent } from "./history.ts";
import { keys, machineOf } from "./keys.ts";
import { identityOf } from "./live.ts";
import type { MachineRecord, Redrives, RunningRecord } from "./records.ts";

const dayMs = 86_400_000;
const redrivableMs = 14 * dayMs;
const longestMs = 365 * dayMs;
const tokenMs = 900_000;
const mostTokens = 10;
/** One event says that it was redriven, and at least one more has to find room. */
const mostEventsBefore = 24_999;

/** What is said where a child of a distributed Map is redriven by itself. */
const byMapRun = "Execution can be redriven by its Map Run alone";

/** Returns why an execution cannot be redriven now, in AWS's words; undefined if it can. */
export function reasonAgainst(engine: Engine, view: ReadView, found: Found): string | undefined {
  if ("running" in found) return "Execution is RUNNING and cannot be redriven";
  const { status, stopMs, child } = found.closed;
  const nowMs = engine.clock.nowMs();
  if (status === "SUCCEEDED") return "Execution is SUCCEEDED and cannot be redriven";
  if (view.get<MachineRecord>(keys.machine(machineOf(found.machine)))?.deleted) return "State machine is in DELETING status";
  if (child === undefined && view.get(keys.stood(found.id)) === undefined)
    return "Execution was started before the launch of RedriveExecution";
  if ((lastEvent(view, found.id)?.id ?? 0) >= mostEventsBefore) return "Execution history event limit exceeded";
  if (nowMs >= startOf(found) + longestMs) return "Execution has exceeded the max execution time";
  if (nowMs >= stopMs + redrivableMs) return "Execution redrivable period exceeded";
  return undefined;
}

/** `redriveStatus` and its reason, as DescribeExecution has them. */
export function redrivabilityOf(engine: Engine, view: ReadView, found: Found): JsonObject {
  const redriveStatusReason = reasonAgainst(engine, view, found);
  if (redriveStatusReason !== undefined) return { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason };
  return { redriveStatus: childOf(found) ? "REDRIVABLE_BY_MAP_RUN" : "REDRIVABLE" };
}

/** Returns the instant of the redrive, in ms since 1970. @throws {WorkflowError} `ExecutionNotRedrivable` */
export function redriveExecution(engine: Engine, session: Session, found: Found, clientToken: string | undefined): number {
  const { tx } = session;
  const nowMs = engine.clock.nowMs();
  const before = ("running" in found ? found.running : found.closed).redrives;
  const tokens = (before?.tokens ?? []).filter(([, redriveMs]) => nowMs < redriveMs + tokenMs);
  const same = tokens.find(([token]) => token === clientToken);
  if (same) return same[1];
  const reason = reasonAgainst(engine, tx, found);
  if (reason === undefined && childOf(found)) throw new WorkflowError("ExecutionNotRedrivable", byMapRun);
  if (reason !== undefined || "running" in found) throw new WorkflowError("ExecutionNotRedrivable", reason ?? "");
  const used: Redrives["tokens"] = clientToken === undefined ? tokens : [...tokens, [clientToken, nowMs] as const].slice(-mostTokens);
  const redrives: Redrives = { count: (before?.count ?? 0) + 1, redriveMs: nowMs, ...(used.length > 0 && { tokens: used }) };
  goOn(tx, session, found, {
    ...identityOf({ ...found.closed, redrives }),
    state: decodeState(tx.get<StoredState>(keys.stood(found.id)) as StoredState),
    open: {},
    inbox: [{ kind: "redrive", redriveCount: redrives.count }],
    working: false,
  });
  return nowMs;
}

function goOn(tx: Transaction, session: Session, found: Extract<Found, { readonly closed: unknown }>, record: RunningRecord): void {
  removeClosed(tx, found.id, found.closed);
  tx.delete(keys.stood(found.id));
  session.add(found.id, record, false);
}
