/**
 * What the engine does outside of transactions: calls, evaluations, work left over.
 *
 * A1. Nothing here begins before what asked for it is durable, and everything here is found again on start: each call stands in
 *     its execution's record until its result does.
 * A2. One execution goes on at a time between turns of the event loop, one of each state machine in turn, so that work left over
 *     holds nobody up, however much of it a state machine has.
 * A3. An execution whose transaction fails is ended with `States.Runtime`; it would fail again at each start.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type Action, lambdaEvent, type Stimulus } from "@serverlesspresso/states-language";
import { createTurns } from "@serverlesspresso/states-language/turns";
import type { Transaction } from "@serverlesspresso/store";
import { learn } from "./attempts.ts";
import type { AfterCommit, Engine, Session } from "./engine.ts";
import { TaskError } from "./errors.ts";
import { isStoreFailure } from "./failures.ts";
import type { FunctionResult } from "./integration.ts";
import { type ExecutionId, keys, machineOf, partsOfId } from "./keys.ts";
import { liveOf } from "./live.ts";
import { answerOf, callOf, integrationOf, isLambdaInvoke, reported } from "./perform.ts";
import type { RunningRecord } from "./records.ts";
import { readRunning } from "./running-store.ts";
import { abandon } from "./transition.ts";

/** Beginning and end of the work outside. Nothing begins before `start` and after `stop`. */
export interface OutsideWork extends AfterCommit {
  start(): void;
  stop(): void;
}

export function createOutsideWork(
  engine: Engine,
  sessionOf: (tx: Transaction) => Session,
  wakeActivity: (name: string) => void,
): OutsideWork {
  const calls = new Map<string, AbortController>();
  const leftOver = new Set<ExecutionId>();
  /** The same, in turns: one of each state machine. */
  const turns = createTurns<ExecutionId>();
  let pumping = false;
  let started = false;

  function recordOf(id: ExecutionId): RunningRecord | undefined {
    return engine.inMemory.get(id) ?? readRunning(engine.store, id);
  }

  function startCall(id: ExecutionId, wait: number): void {
    const record = recordOf(id);
    const open = record?.open[wait];
    const name = `${id}#${wait}`;
    if (!started || record === undefined || open?.kind !== "external" || calls.has(name)) return;
    const controller = new AbortController();
    calls.set(name, controller);
    void call(id, record, open.action, controller.signal).then((stimulus) => {
      calls.delete(name);
      if (!controller.signal.aborted) deliver(id, wait, stimulus);
    });
  }

  async function call(id: ExecutionId, record: RunningRecord, action: Action, signal: AbortSignal): Promise<Stimulus> {
    try {
      return answerOf(action, await outputOf(engine, id, record, action, signal));
    } catch (error) {
      if (signal.aborted) return { kind: "taskFailed", wait: action.wait, error: "States.TaskFailed", cause: "aborted" };
      const live = { ...record, machine: liveOf(id, record, false).machine, express: record.express };
      return { kind: "taskFailed", wait: action.wait, ...reported(engine, live, action, error) };
    }
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

  function pump(): void {
    if (pumping || !started) return;
    pumping = true;
    setImmediate(() => {
      pumping = false;
      const id = turns.take();
      if (id === undefined || !started) return;
      leftOver.delete(id);
      transact(id, (session) => {
        // It has waited: however much this turn has done already, it takes a step.
        engine.slice.begin();
        const live = session.load(id);
        const [stimulus] = live?.inbox ?? [];
        if (live !== undefined && stimulus !== undefined) session.wake(live);
      });
      pump();
    });
  }

  function goOn(id: ExecutionId): void {
    if (!leftOver.has(id)) turns.add(machineOf(partsOfId(id).machine), id);
    leftOver.add(id);
    pump();
  }

  return {
    startCall,
    abortCall(id, wait) {
      calls.get(`${id}#${wait}`)?.abort();
    },
    goOn,
    evaluate(id) {
      const attempt = engine.attempts.get(id);
      if (attempt?.missing === undefined || !started) return;
      const owner = machineOf(partsOfId(id).machine);
      void engine.evaluator.evaluate(attempt.missing.expression, attempt.missing.variables, owner).then((evaluation) => {
        learn(attempt, evaluation);
        goOn(id);
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
        if (record !== undefined && record.inbox.length > 0) goOn(id);
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

/** Tells an execution that its nearest deadline is here; a timer may be too early for it (see `persist.ts`). */
export function timeReached(engine: Engine, session: Session, id: ExecutionId): void {
  const live = session.load(id);
  if (live?.dueMs === undefined) return;
  if (live.dueMs <= engine.clock.nowMs()) session.enqueue(live, { kind: "timeReached" });
  else session.wake(live);
}

async function outputOf(engine: Engine, id: ExecutionId, record: RunningRecord, action: Action, signal: AbortSignal): Promise<JsonValue> {
  switch (action.kind) {
    case "task": {
      const { resource, parameters } = action;
      const integration = resource.kind === "integration" ? integrationOf(engine, resource) : undefined;
      if (integration?.kind === "external") {
        return integration.call(parameters as JsonObject, signal, callOf(engine, liveOf(id, record, false), action));
      }
      const called = callFunction(engine, action);
      if (called !== undefined) return called;
      break;
    }
    case "readItems":
      if (engine.readItems) return engine.readItems(action.reader);
      break;
    case "writeResults":
      if (engine.writeResults) return engine.writeResults(action.writer, action);
  }
  throw new TaskError("States.Runtime", `${action.kind} is not available here.`);
}

/** What the function of a task answers; undefined where the task calls none. */
export function callFunction(engine: Engine, { resource, parameters }: Action & { readonly kind: "task" }): Promise<JsonValue> | undefined {
  if (resource.kind === "function") return invoke(engine, resource.arn, parameters);
  return isLambdaInvoke(resource) ? invokeLambda(engine, parameters as JsonObject) : undefined;
}

/** `lambda:invoke`: what the function answers, in the shape of Lambda's Invoke. */
async function invokeLambda(engine: Engine, parameters: JsonObject): Promise<JsonValue> {
  const name = parameters.FunctionName;
  if (typeof name !== "string") throw new TaskError("States.Runtime", "The field 'FunctionName' is missing or not a string.");
  const Payload = await invoke(engine, name, lambdaEvent(parameters));
  return { ExecutedVersion: "$LATEST", Payload, StatusCode: 200 };
}

async function invoke(engine: Engine, nameOrArn: string, payload: JsonValue): Promise<JsonValue> {
  const result = await engine.invokeFunction(nameOrArn, payload).catch((error: unknown) => {
    throw refusalOf(error, engine.ids.uuid());
  });
  return payloadOf(result);
}

const statusCodes: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 404,
  TooManyRequestsException: 429,
  RequestTooLargeException: 413,
};

/** Lambda's own refusal, e.g. `Lambda.ResourceNotFoundException`. */
function refusalOf(error: unknown, requestId: string): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  if (typeof code !== "string" || !code.endsWith("Exception")) return error;
  const told = `Service: AWSLambda; Status Code: ${statusCodes[code] ?? 400}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null`;
  return new TaskError(`Lambda.${code}`, `${message} (${told})`);
}

function payloadOf({ payload, functionError }: FunctionResult): JsonValue {
  if (functionError === undefined) return payload;
  const errorType = (payload as { readonly errorType?: JsonValue } | null)?.errorType;
  throw new TaskError(typeof errorType === "string" ? errorType : "Lambda.Unknown", JSON.stringify(payload));
}
