/** Durable executions around the pure core of the States Language. The invariants stand where they are kept: `session.ts` (W), `executions.ts` (X), `express.ts` (Y), `after-commit.ts` (A), `state-machines.ts` (M), `map-runs.ts` (N), `map-children.ts` (L), `status-change.ts` (S), `versions.ts` (V), `redrive.ts` (Z), `task-token.ts` (K). */
import type { AwsCaller, BoundService } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import { compileAccepted, diagnoseDefinitionText, resume, start } from "@serverlesspresso/states-language";
import type { Transaction } from "@serverlesspresso/store";
import { createTimers } from "@serverlesspresso/timers";
import { type Activities, createActivities } from "./activities.ts";
import { createOutsideWork, giveUp, type OutsideWork, timeReached } from "./after-commit.ts";
import { createArns } from "./arns.ts";
import { createEnvironments } from "./attempts.ts";
import type { Core } from "./core.ts";
import type { Engine, WorkflowDeps } from "./engine.ts";
import { createExecutions } from "./executions.ts";
import type { TaskReference } from "./integration.ts";
import { runningSummary } from "./operations/execution-wire.ts";
import { jsonOf } from "./operations/request.ts";
import { createRecentRecords } from "./recent-records.ts";
import { createRunningIdentities } from "./running-identities.ts";
import { stepFunctions } from "./service.ts";
import { createSessions } from "./session.ts";
import { createSlice } from "./slice.ts";
import { createStartClock } from "./start-clock.ts";
import { createStateMachines, type PutStateMachine } from "./state-machines.ts";
import { targetOf } from "./target.ts";
import { createTaskTokens } from "./task-token.ts";
import { createExecutionUpkeep } from "./upkeep.ts";

/** The engine as others use it; `execute`, `query` and `wait` are Step Functions' operations. */
export interface Workflows extends BoundService {
  /** Creates or updates; no new revision where nothing changes. @throws {WorkflowError} `InvalidDefinition`, `InvalidName` */
  putStateMachine(tx: Transaction, request: PutStateMachine): { readonly stateMachineArn: string; readonly revisionId: string };
  /** Starts an execution whose end is the result of a task of another one; with `parsed`, as values. */
  startChild(tx: Transaction, request: JsonObject, task: TaskReference, parsed: boolean): JsonObject;
  /** StartSyncExecution for callers in this process: resolves with the ended execution, durably. Rejects with {WorkflowError} */
  startSyncExecution(request: JsonObject): Promise<JsonObject>;
  /** Begins to fire timers and to call outside; takes up what a stop or crash left. */
  start(): void;
  stop(): Promise<void>;
}

/** A caller in this process. */
export const insider: AwsCaller = { address: "", origin: "", signal: new AbortController().signal };

/** The engine. Call `start` once everything it calls is up. */
export function createWorkflows(deps: WorkflowDeps, core: Core = { diagnoseDefinitionText, compileAccepted, start, resume }): Workflows {
  const { store, clock, ids } = deps;
  let outside: OutsideWork;
  let activities: Activities;
  const tokens = createTaskTokens(ids);
  const arns = createArns(deps.account, deps.region);
  const engine: Engine = {
    ...deps,
    core,
    arns,
    machines: createStateMachines({ core, clock, ids, account: deps.account, arns }),
    tokens,
    environments: createEnvironments({ ...deps, tokens }),
    timers: createTimers({
      store,
      clock,
      name: "workflow",
      fire: (tx, id, atMs) => fire(tx, id, atMs),
      giveUp: (tx, id, error) => giveUp(engine, sessionOf(tx), id, error),
      onError: (error, id) => deps.onError(error, `timer of execution ${id}`),
    }),
    recent: createRecentRecords(),
    identities: createRunningIdentities((...running) => runningSummary({ arns }, ...running)),
    nextStart: createStartClock(clock),
    slice: createSlice(),
    inMemory: new Map(),
    syncWaiters: new Map(),
    attempts: new Map(),
    get after() {
      return outside;
    },
  };
  const sessions = createSessions(engine);
  const sessionOf = sessions.of;
  outside = createOutsideWork(engine, sessionOf, (name) => activities.wake(name));
  activities = createActivities(engine, sessionOf);
  const executions = createExecutions(engine, sessionOf);
  const bound = stepFunctions.on({ engine, executions, activities, sessions });

  function fire(tx: Transaction, id: string, atMs: number): void {
    const session = sessionOf(tx);
    const live = session.load(id);
    if (live === undefined) return;
    if (live.timerMs !== undefined && live.timerMs <= atMs) live.timerMs = undefined;
    timeReached(engine, session, id);
  }

  const upkeep = createExecutionUpkeep(engine, engine.retentionDays);

  return {
    putStateMachine(tx, request) {
      const { revisionId } = engine.machines.put(tx, request);
      return { stateMachineArn: engine.arns.stateMachine(request.name), revisionId };
    },
    ...bound,
    startChild(tx, request, task, parsed) {
      const { stateMachineArn, name, input } = request as { stateMachineArn: string; name?: string; input?: string };
      const { executionArn, startMs } = executions.start(tx, {
        target: targetOf(engine, tx, stateMachineArn),
        ...(name !== undefined && { name }),
        input: jsonOf(input ?? "{}", "InvalidExecutionInput"),
        parent: { ...task, parsed },
      });
      return { executionArn, startDate: startMs / 1000 };
    },
    startSyncExecution: (request) => bound.wait("StartSyncExecution", request, insider),
    start() {
      outside.start();
      engine.timers.start();
      upkeep.start();
    },
    stop() {
      engine.timers.stop();
      outside.stop();
      activities.stop();
      return upkeep.stop();
    },
  };
}
