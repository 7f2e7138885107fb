/**
 * Beginning, moving and ending executions.
 *
 * X1. Executions of one machine start at distinct milliseconds, in the order in which they were started; listing by start is exact.
 * X2. A name is used once per Standard machine. The same start again, while it runs, answers the same execution.
 * X3. A token resumes at most once. Whether its wait is over is known to the caller at once; a deadline that has passed by the
 *     clock is over, whether or not its timer has fired.
 */
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Engine, Session } from "./engine.ts";
import { typeNotSupported, WorkflowError } from "./errors.ts";
import { childOf, type Found } from "./found.ts";
import { executionIdOf, keys, machineOf } from "./keys.ts";
import { stopMapChild } from "./map-children.ts";
import { openWaitOf } from "./open-wait.ts";
import type { ClosedRecord, ExecutionIdentity, QueuedStimulus, RunningHead } from "./records.ts";
import { redriveExecution } from "./redrive.ts";
import { addExecution, type Started, type StartRequest, startExecution } from "./start-execution.ts";
import { checkName } from "./state-machines.ts";

/** Executions as Step Functions' operations see them. */
export interface Executions {
  /** @throws {WorkflowError} `ExecutionAlreadyExists`, `InvalidName` */
  start(tx: Transaction, request: StartRequest): Started;
  /** Starts an Express execution that lives in memory; calls `settled` with its end. @throws {WorkflowError} `StateMachineTypeNotSupported` */
  startSync(tx: Transaction, request: StartRequest, settled: Parameters<Engine["syncWaiters"]["set"]>[1]): Started;
  /** @throws {WorkflowError} `ExecutionDoesNotExist` */
  stop(tx: Transaction, executionArn: string, reason: { readonly error?: string; readonly cause?: string }): number;
  /** Returns the instant of the redrive, in ms since 1970. @throws {WorkflowError} `ExecutionDoesNotExist`, `ExecutionNotRedrivable` */
  redrive(tx: Transaction, executionArn: string, clientToken: string | undefined): number;
  /** Ends the wait of a token. @throws {WorkflowError} `InvalidToken`, `TaskDoesNotExist`, `TaskTimedOut` */
  answer(tx: Transaction, taskToken: string, stimulusOf: (wait: number) => QueuedStimulus): void;
  /** @throws {WorkflowError} as `answer` */
  heartbeat(tx: Transaction, taskToken: string): void;
  /** Returns the execution of this ARN; its record shows whether it runs. @throws {WorkflowError} `ExecutionDoesNotExist` */
  find(view: ReadView, executionArn: string): Found;
}

/** Returns the operations on executions; each works within its caller's transaction. */
export function createExecutions(engine: Engine, sessionOf: (tx: Transaction) => Session): Executions {
  function find(view: ReadView, executionArn: string): Found {
    const { machine, name } = engine.arns.executionName(executionArn);
    const startMs = view.get<number>(keys.name(machine, name));
    const id = executionIdOf(machine, startMs ?? 0);
    const isOwn = ({ revision }: ExecutionIdentity): boolean => engine.machines.owns(view, machineOf(machine), revision);
    const running = startMs === undefined ? undefined : view.get<RunningHead>(keys.running(id));
    if (running !== undefined && isOwn(running)) return { id, machine, running };
    const closed = startMs === undefined ? undefined : view.get<ClosedRecord>(keys.closed(id));
    if (closed !== undefined && isOwn(closed)) return { id, machine, closed };
    throw new WorkflowError("ExecutionDoesNotExist", `Execution Does Not Exist: '${executionArn}'`);
  }

  return {
    start: (tx, request) => startExecution(engine, sessionOf(tx), request),
    startSync(tx, request, settled) {
      if (request.target.type !== "EXPRESS") {
        throw typeNotSupported();
      }
      if (request.name !== undefined) checkName(request.name);
      const started = addExecution(engine, sessionOf(tx), request, true);
      engine.syncWaiters.set(started.id, settled);
      tx.onUndo(() => void engine.syncWaiters.delete(started.id));
      return started;
    },
    stop(tx, executionArn, reason) {
      sessionOf(tx).publish();
      const found = find(tx, executionArn);
      const child = childOf(found);
      if (child?.express) throw typeNotSupported();
      if ("closed" in found) return found.closed.stopMs;
      const session = sessionOf(tx);
      if (child) return stopMapChild(engine, session, child, reason);
      const live = session.load(found.id);
      if (live === undefined) return engine.clock.nowMs();
      // Rejects callbacks from here on.
      for (const [wait, { kind }] of Object.entries(live.open)) if (kind === "callback") session.setOpen(live, Number(wait), undefined);
      session.enqueue(live, { kind: "abort", ...reason });
      return Math.max(engine.clock.nowMs(), live.startMs);
    },
    redrive(tx, executionArn, clientToken) {
      const session = sessionOf(tx);
      session.publish();
      return redriveExecution(engine, session, find(tx, executionArn), clientToken);
    },
    answer(tx, taskToken, stimulusOf) {
      const session = sessionOf(tx);
      const { live, wait } = openWaitOf(engine, session, taskToken);
      if (live.dueMs !== undefined && live.dueMs <= engine.clock.nowMs()) session.enqueue(live, { kind: "timeReached" });
      session.settle(live, wait, stimulusOf(wait));
    },
    heartbeat(tx, taskToken) {
      const session = sessionOf(tx);
      const { live, wait } = openWaitOf(engine, session, taskToken);
      session.enqueue(live, { kind: "heartbeat", wait });
    },
    find,
  };
}
