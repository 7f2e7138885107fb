/** Starts executions: X1 and X2 of executions.ts. */
import type { JsonValue } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { Engine, Session } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { inputOf } from "./history.ts";
import type { TaskReference } from "./integration.ts";
import { type ExecutionId, executionIdOf, keys } from "./keys.ts";
import { identityOf } from "./live.ts";
import { arnOf } from "./names.ts";
import type { ExecutionIdentity, QueuedStimulus, RunningHead, RunningRecord } from "./records.ts";
import { checkName } from "./state-machines.ts";
import type { Target } from "./target.ts";

/** What an execution is started with. */
export interface StartRequest {
  readonly target: Target;
  readonly name?: string;
  readonly input: JsonValue;
  /** The task that waits for its end; `parsed`: with input and output as values. */
  readonly parent?: TaskReference & { readonly parsed: boolean };
}

/** An execution that was started, by this request or an equal one before. */
export interface Started {
  readonly id: ExecutionId;
  readonly executionArn: string;
  readonly startMs: number;
}

/** Starts an execution, or returns the one that an equal request has started. @throws {WorkflowError} `ExecutionAlreadyExists`, `InvalidName` */
export function startExecution(engine: Engine, session: Session, request: StartRequest): Started {
  const { target, name } = request;
  if (name === undefined) return addExecution(engine, session, request, false);
  checkName(name);
  const startMs = target.type === "STANDARD" ? earlierStart(engine, session.tx, target.machine, name) : undefined;
  return startMs === undefined ? addExecution(engine, session, request, false) : startAgain(engine, session, request, { name, startMs });
}

/** Adds an execution under its name, or a new one. `inMemory`: the store never sees it. */
export function addExecution(engine: Engine, session: Session, request: StartRequest, inMemory: boolean): Started {
  const { tx } = session;
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
    input,
    working: false,
    ...(parent && { parent: { executionId: parent.executionId, wait: parent.wait } }),
  };
  if (type === "STANDARD") {
    tx.put(keys.name(machine, name), startMs);
  }
  session.add(id, record, inMemory);
  const waiting = parent && session.load(parent.executionId);
  if (parent && waiting) session.setOpen(waiting, parent.wait, { kind: "child", executionId: id, parsed: parent.parsed });
  return { id, executionArn: arnOf(engine, { machine, name, express: record.express }), startMs };
}

function startAgain(
  engine: Engine,
  session: Session,
  { target: { machine }, input }: StartRequest,
  { name, startMs }: { readonly name: string; readonly startMs: number },
): Started {
  const { tx } = session;
  session.publish();
  const id = executionIdOf(machine, startMs);
  const executionArn = engine.arns.execution(machine, name);
  const running = tx.get<RunningHead>(keys.running(id));
  if (running !== undefined && isSame(inputOf(tx, id, running), input)) return { id, executionArn, startMs };
  throw new WorkflowError("ExecutionAlreadyExists", `Execution Already Exists: '${executionArn}'`);
}

/** When the machine started one of that name; a deleted machine's own does not count. */
function earlierStart(engine: Engine, tx: Transaction, machine: string, name: string): number | undefined {
  const startMs = tx.get<number>(keys.name(machine, name));
  if (startMs === undefined) return undefined;
  const id = executionIdOf(machine, startMs);
  const known = tx.get<ExecutionIdentity>(keys.running(id)) ?? tx.get<ExecutionIdentity>(keys.closed(id));
  return known === undefined || engine.machines.owns(tx, machine, known.revision) ? startMs : undefined;
}

function isSame(one: JsonValue, other: JsonValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
