/** Writes what a transaction has made of an execution: one record, one piece of history, at most one timer. */
import { encodeState, type Outcome } from "@serverlesspresso/states-language";
import type { Transaction } from "@serverlesspresso/store";
import { putClosed } from "./closed-store.ts";
import type { Engine } from "./engine.ts";
import { appendHistory } from "./history.ts";
import { type ExecutionId, keys } from "./keys.ts";
import { hasWork, type Live, recordOf } from "./live.ts";
import { endChildren } from "./map-children.ts";
import { arnOf } from "./names.ts";
import { removeRunning, writeRunning } from "./running-store.ts";
import { tellStatus } from "./status-change.ts";

/** Writes the execution within the transaction: its record while it runs, its outcome once it has one; in memory for a synchronous one. */
export function persist(engine: Engine, tx: Transaction, live: Live): void {
  if (live.outcome !== undefined) close(engine, tx, live);
  else if (live.inMemory) keep(engine, tx, live);
  else save(engine, tx, live);
  tell(engine, tx, live);
  if (live.inMemory) live.untold = [...live.untold, ...live.events];
  tellStatus(engine, tx, live);
  live.events = [];
  live.starts = [];
}

function save(engine: Engine, tx: Transaction, live: Live): void {
  const working = hasWork(live);
  if (working !== live.working) working ? tx.put(keys.working(live.id), 1) : tx.delete(keys.working(live.id));
  live.working = working;
  setTimer(engine, tx, live);
  const record = recordOf(live);
  live.stored = writeRunning(tx, live.id, record, live.stored);
  engine.recent.set(tx, live.id, record);
  setOff(engine, tx, live);
}

/** A timer may be earlier than the deadline it stands for: it then looks again. So a deadline that moves on costs no write. */
function setTimer(engine: Engine, tx: Transaction, live: Live): void {
  const { dueMs, timerMs } = live;
  if (dueMs === timerMs || (dueMs !== undefined && timerMs !== undefined && timerMs < dueMs)) return;
  if (timerMs !== undefined) engine.timers.cancel(tx, timerMs, live.id);
  // → packages/workflow/src/workflows.ts: `fire`, when the instant has come.
  if (dueMs !== undefined) engine.timers.set(tx, dueMs, live.id);
  live.timerMs = dueMs;
}

function keep(engine: Engine, tx: Transaction, live: Live): void {
  const { id, dueMs } = live;
  const before = engine.inMemory.get(id);
  engine.inMemory.set(id, recordOf(live));
  tx.onUndo(() => void (before === undefined ? engine.inMemory.delete(id) : engine.inMemory.set(id, before)));
  if (dueMs !== undefined && dueMs !== before?.dueMs) tx.afterCommit(() => engine.after.arm(id, dueMs));
  setOff(engine, tx, live);
}

/** Begins, once this is durable, what goes on outside or later. */
function setOff(engine: Engine, tx: Transaction, live: Live): void {
  const { id, starts } = live;
  if (starts.length > 0) {
    tx.afterCommit(() => {
      for (const wait of starts) engine.after.startCall(id, wait);
    });
  }
  if (live.inbox.length === 0) return;
  const attempt = engine.attempts.get(id);
  if (attempt?.missing === undefined) tx.afterCommit(() => engine.after.goOn(id));
  else if (!attempt.asked) {
    attempt.asked = true;
    tx.afterCommit(() => engine.after.evaluate(id));
  }
}

function close(engine: Engine, tx: Transaction, live: Live): void {
  const { id, outcome } = live;
  const stopMs = Math.max(engine.clock.nowMs(), live.startMs);
  if (outcome === undefined) return;
  live.gone = true;
  abandonWaits(engine, tx, live);
  if (live.inMemory) {
    settleSync(engine, tx, id, outcome, stopMs);
    return;
  }
  removeRunning(tx, id, live.stored);
  engine.recent.delete(id);
  engine.identities.forget(id);
  if (live.working) tx.delete(keys.working(id));
  if (live.timerMs !== undefined) engine.timers.cancel(tx, live.timerMs, id);
  if (live.express !== undefined) return;
  if (outcome.status !== "SUCCEEDED") endChildren(engine, tx, id);
  putClosed(tx, id, { ...live.identity, status: outcome.status, stopMs });
  if (outcome.status !== "SUCCEEDED" && live.state !== undefined) tx.put(keys.stood(id), encodeState(live.state));
}

function settleSync(engine: Engine, tx: Transaction, id: ExecutionId, outcome: Outcome, stopMs: number): void {
  const before = engine.inMemory.get(id);
  engine.inMemory.delete(id);
  tx.onUndo(() => void (before && engine.inMemory.set(id, before)));
  tx.afterCommit(() => {
    const settle = engine.syncWaiters.get(id);
    engine.syncWaiters.delete(id);
    settle?.(outcome, stopMs);
  });
}

function abandonWaits(engine: Engine, tx: Transaction, live: Live): void {
  for (const [wait, open] of Object.entries(live.open)) {
    if (open.kind === "activity" && !open.taken) tx.delete(keys.activityTask(open.activity, live.id, Number(wait)));
    if (open.kind === "external") tx.afterCommit(() => engine.after.abortCall(live.id, Number(wait)));
  }
}

function tell(engine: Engine, tx: Transaction, live: Live): void {
  if (live.inMemory && live.outcome === undefined) return;
  const events = live.untold.length === 0 ? live.events : [...live.untold, ...live.events];
  if (events.length === 0) return;
  engine.feed?.tell(tx, () => ({ executionArn: arnOf(engine, live), events }));
  if (live.express === undefined) appendHistory(tx, live.id, events);
  const { log } = engine;
  if (live.express !== undefined && log !== undefined) {
    const entry = { stateMachineName: live.machine, executionArn: arnOf(engine, live), events };
    tx.afterCommit(() => log(entry));
  }
}
