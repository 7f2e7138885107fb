/**
 * Beginning, moving and ending executions.
 *
 * X1. Executions of one machine start at distinct milliseconds, in the order in which they were started; listing by start is exact.
 * X2. A name is used once per Standard machine. The same start again, while it runs, answers the same execution.
 * X3. A token resumes at most once. Whether its wait is over is known to the caller at once; a deadline that has passed by the
 *     clock is over, whether or not its timer has fired.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { EvaluationPending } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Engine, Session } from "./engine.ts";
import { typeNotSupported, WorkflowError } from "./errors.ts";
import { childOf, type Found } from "./found.ts";
import { inputOf } from "./history.ts";
import type { TaskReference } from "./integration.ts";
import { type ExecutionId, executionIdOf, keys, machineOf } from "./keys.ts";
import { identityOf, type Live } from "./live.ts";
import { stopMapChild } from "./map-children.ts";
import { arnOf } from "./names.ts";
import type { ClosedRecord, ExecutionIdentity, OpenWait, QueuedStimulus, RunningHead, RunningRecord } from "./records.ts";
import { redriveExecution } from "./redrive.ts";
import { checkName } from "./state-machines.ts";
import type { Target } from "./target.ts";
import { decide } from "./transition.ts";

export interface StartRequest {
  readonly target: Target;
  readonly name?: string;
  readonly input: JsonValue;
  /** The task that waits for its end; `parsed`: with input and output as values. */
  readonly parent?: TaskReference & { readonly parsed: boolean };
}

export interface Started {
  readonly id: ExecutionId;
  readonly executionArn: string;
  readonly startMs: number;
}

export interface Executions {
  /** @throws {WorkflowError} `ExecutionAlreadyExists`, `InvalidName` */
  start(tx: Transaction, request: StartRequest): Started;
  /** Starts an Express execution that lives in memory; its end is told to `settled`. @throws {WorkflowError} `StateMachineTypeNotSupported` */
  startSync(tx: Transaction, request: StartRequest, settled: Parameters<Engine["syncWaiters"]["set"]>[1]): Started;
  /** @throws {WorkflowError} `ExecutionDoesNotExist` */
  stop(tx: Transaction, executionArn: string, reason: { readonly error?: string; readonly cause?: string }): number;
  /** Answers when it was redriven, in ms. @throws {WorkflowError} `ExecutionDoesNotExist`, `ExecutionNotRedrivable` */
  redrive(tx: Transaction, executionArn: string, clientToken: string | undefined): number;
  /** Ends the wait of a token. @throws {WorkflowError} `InvalidToken`, `TaskDoesNotExist`, `TaskTimedOut` */
  answer(tx: Transaction, taskToken: string, stimulusOf: (wait: number) => QueuedStimulus): void;
  /** @throws {WorkflowError} as `answer` */
  heartbeat(tx: Transaction, taskToken: string): void;
  /** The execution of this ARN; its record tells whether it runs. @throws {WorkflowError} `ExecutionDoesNotExist` */
  find(view: ReadView, executionArn: string): Found;
}

export function createExecutions(engine: Engine, sessionOf: (tx: Transaction) => Session): Executions {
  function add(tx: Transaction, request: StartRequest, inMemory: boolean): Started {
    const { target, input, parent } = request;
    const { machine, type } = target;
    const name = request.name ?? engine.ids.uuid();
    const startMs = engine.nextStart(tx, machine);
    const id = executionIdOf(machine, startMs);
    const express = type === "EXPRESS" ? { express: engine.ids.uuid() } : {};
    const inbox: QueuedStimulus[] = [{ kind: "start", input }];
    const record: RunningRecord = {
      ...identityOf({ ...target, name }),
      ...express,
      open: {},
      inbox,
      working: false,
      ...(parent && { parent: { executionId: parent.executionId, wait: parent.wait } }),
    };
    if (type === "STANDARD") {
      tx.put(keys.name(machine, name), startMs);
    }
    const session = sessionOf(tx);
    session.add(id, record, inMemory);
    const waiting = parent && session.load(parent.executionId);
    if (parent && waiting) session.setOpen(waiting, parent.wait, { kind: "child", executionId: id, parsed: parent.parsed });
    return { id, executionArn: arnOf(engine, { machine, name, express: record.express }), startMs };
  }

  function startAgain(tx: Transaction, { target: { machine }, input }: StartRequest, name: string, startMs: number): Started {
    sessionOf(tx).publish();
    const id = executionIdOf(machine, startMs);
    const executionArn = engine.arns.execution(machine, name);
    const running = tx.get<RunningHead>(keys.running(id));
    if (running !== undefined && isSame(inputOf(tx, id, running), input)) return { id, executionArn, startMs };
    throw new WorkflowError("ExecutionAlreadyExists", `Execution Already Exists: '${executionArn}'`);
  }

  /** When the machine started one of that name; a deleted machine's own does not count. */
  function earlierStart(tx: Transaction, machine: string, name: string): number | undefined {
    const startMs = tx.get<number>(keys.name(machine, name));
    if (startMs === undefined) return undefined;
    const id = executionIdOf(machine, startMs);
    const known = tx.get<ExecutionIdentity>(keys.running(id)) ?? tx.get<ExecutionIdentity>(keys.closed(id));
    return known === undefined || engine.machines.owns(tx, machine, known.revision) ? startMs : undefined;
  }

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

  /** The execution that waits under this token, with the wait, still open. */
  function waiting(tx: Transaction, taskToken: string): { live: Live; wait: number; open: OpenWait } {
    const { executionId, wait } = engine.tokens.read(tx, taskToken);
    const live = sessionOf(tx).load(executionId);
    const open = live?.open[wait];
    if (live === undefined && !sessionOf(tx).knows(executionId) && tx.get(keys.closed(executionId)) === undefined) {
      throw new WorkflowError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
    }
    if (live === undefined || open === undefined || isOver(tx, live, wait)) {
      throw new WorkflowError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    }
    return { live, wait, open };
  }

  /** Whether the deadlines that have passed end this wait, found out by asking what would follow. */
  function isOver(tx: Transaction, live: Live, wait: number): boolean {
    if (live.dueMs === undefined || live.dueMs > engine.clock.nowMs()) return false;
    try {
      const { outcome, actions } = decide(engine, tx, live, { kind: "timeReached" });
      return outcome !== undefined || actions.some((action) => action.kind === "cancel" && action.wait === wait);
    } catch (error) {
      // Not known yet: refusing changes nothing, and by the next try it is known.
      if (error instanceof EvaluationPending) return true;
      throw error;
    }
  }

  return {
    start(tx, request) {
      const { target, name } = request;
      if (name !== undefined) checkName(name);
      const earlier = target.type === "STANDARD" && name !== undefined ? earlierStart(tx, target.machine, name) : undefined;
      if (earlier !== undefined && name !== undefined) return startAgain(tx, request, name, earlier);
      return add(tx, request, false);
    },
    startSync(tx, request, settled) {
      if (request.target.type !== "EXPRESS") {
        throw typeNotSupported();
      }
      if (request.name !== undefined) checkName(request.name);
      const started = add(tx, request, true);
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
      // Nobody may answer it any more, from now on.
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
      const { live, wait } = waiting(tx, taskToken);
      const session = sessionOf(tx);
      if (live.dueMs !== undefined && live.dueMs <= engine.clock.nowMs()) session.enqueue(live, { kind: "timeReached" });
      session.settle(live, wait, stimulusOf(wait));
    },
    heartbeat(tx, taskToken) {
      const { live, wait } = waiting(tx, taskToken);
      sessionOf(tx).enqueue(live, { kind: "heartbeat", wait });
    },
    find,
  };
}

function isSame(one: JsonValue, other: JsonValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
