/**
 * What the engine does outside of transactions: calls, evaluations, work left over.
 *
 * A1. Nothing here begins before what asked for it is durable, and everything here is found again on start: each call stands in
 *     its execution's record until its result does.
 * A2. One execution goes on at a time between turns of the event loop, one of each state machine in turn, so that the work left over
 *     of one state machine delays no other, however much there is.
 * A3. An execution whose transaction fails is ended with `States.Runtime`; it would fail again at each start.
 */
import type { Stimulus } from "@serverlesspresso/states-language";
import type { Transaction } from "@serverlesspresso/store";
import { learn } from "./attempts.ts";
import { callOutside } from "./call-outside.ts";
import type { AfterCommit, Engine, Session } from "./engine.ts";
import { isStoreFailure } from "./failures.ts";
import { type ExecutionId, keys, machineOf, partsOfId } from "./keys.ts";
import { createLeftOver } from "./left-over.ts";
import type { RunningRecord } from "./records.ts";
import { readRunning } from "./running-store.ts";
import { abandon } from "./transition.ts";

/** Beginning and end of the work outside. Nothing begins before `start` and after `stop`. */
export interface OutsideWork extends AfterCommit {
  start(): void;
  stop(): void;
}

/** Returns the work that follows a commit: calls, timers and what a turn left over (A1 to A3). */
export function createOutsideWork(
  engine: Engine,
  sessionOf: (tx: Transaction) => Session,
  wakeActivity: (name: string) => void,
): OutsideWork {
  const calls = new Map<string, AbortController>();
  let started = false;
  const leftOver = createLeftOver(() => started, takeStep);

  function startCall(id: ExecutionId, wait: number): void {
    const record = recordOf(id);
    const open = record?.open[wait];
    const name = `${id}#${wait}`;
    if (!started || record === undefined || open?.kind !== "external" || calls.has(name)) return;
    const controller = new AbortController();
    calls.set(name, controller);
    void callOutside(engine, { id, record, action: open.action }, controller.signal).then((stimulus) => {
      calls.delete(name);
      if (!controller.signal.aborted) deliver(id, wait, stimulus);
    });
  }

  function recordOf(id: ExecutionId): RunningRecord | undefined {
    return engine.inMemory.get(id) ?? readRunning(engine.store, id);
  }

  function deliver(id: ExecutionId, wait: number, stimulus: Stimulus): void {
    transact(id, (session) => {
      const live = session.load(id);
      if (live?.open[wait]?.kind !== "external") return;
      if (stimulus.kind === "taskSubmitted") {
        session.setOpen(live, wait, { kind: "callback" });
        session.enqueue(live, stimulus);
      } else session.settle(live, wait, stimulus);
    });
  }

  /** A3. A store that fails here has told the platform already; the next start finds the work again (A1). */
  function transact(id: ExecutionId, fn: (session: Session) => void): void {
    const run = (step: (session: Session) => void): Promise<void> => engine.store.transact((tx) => step(sessionOf(tx)));
    const report = (error: unknown): void => engine.onError(error, `execution ${id}`);
    run(fn).catch((error) => {
      report(error);
      if (!isStoreFailure(error)) run((session) => giveUp(engine, session, id, error)).catch(report);
    });
  }

  function takeStep(id: ExecutionId): void {
    transact(id, (session) => {
      // It has waited: however much this turn has done already, it takes a step.
      engine.slice.begin();
      const live = session.load(id);
      const [stimulus] = live?.inbox ?? [];
      if (live !== undefined && stimulus !== undefined) session.wake(live);
    });
  }

  return {
    startCall,
    abortCall(id, wait) {
      calls.get(`${id}#${wait}`)?.abort();
    },
    goOn: leftOver.add,
    evaluate(id) {
      const attempt = engine.attempts.get(id);
      if (attempt?.missing === undefined || !started) return;
      const owner = machineOf(partsOfId(id).machine);
      void engine.evaluator.evaluate(attempt.missing.expression, attempt.missing.variables, owner).then((evaluation) => {
        learn(attempt, evaluation);
        leftOver.add(id);
      });
    },
    arm(id, atMs) {
      engine.clock.at(atMs, () => {
        if (started && engine.inMemory.has(id)) transact(id, (session) => timeReached(engine, session, id));
      });
    },
    wakeActivity,
    start() {
      started = true;
      for (const [key] of engine.store.scan(keys.allWorking())) {
        const id = keys.idOf(key);
        const record = recordOf(id);
        for (const wait of Object.keys(record?.open ?? {})) startCall(id, Number(wait));
        if (record !== undefined && record.inbox.length > 0) leftOver.add(id);
      }
    },
    stop() {
      started = false;
      for (const controller of calls.values()) controller.abort();
      calls.clear();
      engine.attempts.clear();
    },
  };
}

/** Ends an execution whose transactions fail, where it still runs. */
export function giveUp(engine: Engine, session: Session, id: ExecutionId, error: Error): void {
  const live = session.load(id);
  if (live !== undefined) abandon(engine, session, live, error);
}

/** Advances an execution whose nearest deadline is here; a timer may be too early for it (see `persist.ts`). */
export function timeReached(engine: Engine, session: Session, id: ExecutionId): void {
  const live = session.load(id);
  if (live?.dueMs === undefined) return;
  if (live.dueMs <= engine.clock.nowMs()) session.enqueue(live, { kind: "timeReached" });
  else session.wake(live);
}
