/** Durable executions around the pure core of the States Language. The invariants stand where they are kept: `session.ts` (W), `executions.ts` (X), `express.ts` (Y), `after-commit.ts` (A), `state-machines.ts` (M), `map-runs.ts` (N), `map-children.ts` (L), `status-change.ts` (S), `versions.ts` (V), `redrive.ts` (Z), `task-token.ts` (K). */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { compileAccepted, diagnoseDefinitionText, resume, start, type TaskResource } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { createTimers } from "@serverlesspresso/timers";
import { type Activities, createActivities } from "./activities.ts";
import { createOutsideWork, giveUp, type OutsideWork, timeReached } from "./after-commit.ts";
import { createArns } from "./arns.ts";
import { createEnvironments } from "./attempts.ts";
import type { Core } from "./core.ts";
import type { Engine, Session, WorkflowDeps } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { createExecutions, type Executions } from "./executions.ts";
import { startSyncExecution } from "./express.ts";
import type { TaskReference } from "./integration.ts";
import * as mapRuns from "./map-runs.ts";
import * as aliases from "./operations/aliases.ts";
import * as wire from "./operations/executions.ts";
import { jsonOf } from "./operations/request.ts";
import * as machines from "./operations/state-machines.ts";
import * as tags from "./operations/tags.ts";
import * as versions from "./operations/versions.ts";
import { createRecentRecords } from "./recent-records.ts";
import { createSessions } from "./session.ts";
import { createSlice } from "./slice.ts";
import { createStartClock } from "./start-clock.ts";
import { createStateMachines, type PutStateMachine } from "./state-machines.ts";
import { targetOf } from "./target.ts";
import { createTaskTokens } from "./task-token.ts";
import { type TestedTask, testTask } from "./test-task.ts";
import { createExecutionUpkeep } from "./upkeep.ts";

export interface Workflows {
  /** Creates or updates; no new revision where nothing changes. @throws {WorkflowError} `InvalidDefinition`, `InvalidName` */
  putStateMachine(tx: Transaction, request: PutStateMachine): { readonly stateMachineArn: string; readonly revisionId: string };
  /** One operation of Step Functions' API in its wire shape. @throws {WorkflowError} */
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
  /** The same for operations that only read. @throws {WorkflowError} */
  query(view: ReadView, operation: string, request: JsonObject): JsonObject;
  /**
   * The same of an operation that looks at a definition (`checkingOperations`), in a transaction of its own: the definition is checked before it, by
   * `WorkflowDeps.diagnose`, and what was found counts where the operation would have looked itself. @throws {WorkflowError}
   */
  check(operation: CheckingOperation, request: JsonObject): Promise<JsonObject>;
  /** The names of the operations there are. */
  readonly operations: readonly string[];
  /** Starts an execution whose end is the result of a task of another one; with `parsed`, as values. */
  startChild(tx: Transaction, request: JsonObject, task: TaskReference, parsed: boolean): JsonObject;
  /** StartSyncExecution: resolves with the ended execution, durably. @throws {WorkflowError} */
  startSyncExecution(request: JsonObject): Promise<JsonObject>;
  /** TestState: performs one task that no execution asked for. */
  testTask(resource: TaskResource, parameters: JsonValue): Promise<TestedTask>;
  /** GetActivityTask: waits up to a minute for a task. @throws {WorkflowError} */
  getActivityTask(request: JsonObject): Promise<JsonObject>;
  /** Begins to fire timers and to call outside; takes up what a stop or crash left. */
  start(): void;
  stop(): Promise<void>;
}

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
  const operations = operationsOf(engine, executions, activities, sessionOf);

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
    execute(tx, operation, request) {
      const write = Object.hasOwn(operations.write, operation) ? operations.write[operation] : undefined;
      return write ? write(tx, request) : this.query(tx, operation, request);
    },
    query(view, operation, request) {
      const read = Object.hasOwn(operations.read, operation) ? operations.read[operation] : undefined;
      if (read === undefined)
        throw new WorkflowError("UnknownOperationException", `operation "${operation}" is not one of Step Functions'`);
      sessions.peek(view)?.publish();
      return read(view, request);
    },
    async check(operation, request) {
      const { definition } = request;
      // The operation itself refuses what is too long or no text.
      const isText = typeof definition === "string" && definition.length <= mostDefinitionCharacters;
      const found = isText && deps.diagnose ? await deps.diagnose(definition) : undefined;
      if (operation === "ValidateStateMachineDefinition") return machines.validateStateMachineDefinition(request, found);
      return store.transact((tx) => {
        return operation === "CreateStateMachine"
          ? machines.createStateMachine(engine, tx, request, found)
          : machines.updateStateMachine(engine, tx, request, found);
      });
    },
    operations: [...Object.keys(operations.read), ...Object.keys(operations.write)],
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
    startSyncExecution: (request) => startSyncExecution(engine, executions, request),
    testTask: (resource, parameters) => testTask(engine, resource, parameters),
    getActivityTask: (request) => activities.getTask(request),
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

/** The operations that look at a definition, which may take seconds. */
export const checkingOperations = ["CreateStateMachine", "UpdateStateMachine", "ValidateStateMachineDefinition"] as const;
type CheckingOperation = (typeof checkingOperations)[number];
const mostDefinitionCharacters = 1_048_576;

interface Operations {
  readonly write: Readonly<Record<string, (tx: Transaction, request: JsonObject) => JsonObject>>;
  readonly read: Readonly<Record<string, (view: ReadView, request: JsonObject) => JsonObject>>;
}

function operationsOf(engine: Engine, executions: Executions, activities: Activities, sessionOf: (tx: Transaction) => Session): Operations {
  return {
    write: {
      CreateStateMachine: (tx, request) => machines.createStateMachine(engine, tx, request),
      UpdateStateMachine: (tx, request) => machines.updateStateMachine(engine, tx, request),
      DeleteStateMachine: (tx, request) => machines.deleteStateMachine(engine, tx, request),
      PublishStateMachineVersion: (tx, request) => versions.publishStateMachineVersion(engine, tx, request),
      DeleteStateMachineVersion: (tx, request) => versions.deleteStateMachineVersion(engine, tx, request),
      CreateStateMachineAlias: (tx, request) => aliases.createStateMachineAlias(engine, tx, request),
      UpdateStateMachineAlias: (tx, request) => aliases.updateStateMachineAlias(engine, tx, request),
      DeleteStateMachineAlias: (tx, request) => aliases.deleteStateMachineAlias(engine, tx, request),
      TagResource: (tx, request) => tags.tagResource(engine, tx, request),
      UntagResource: (tx, request) => tags.untagResource(engine, tx, request),
      StartExecution: (tx, request) => wire.startExecution(engine, executions, tx, request),
      RedriveExecution: (tx, request) => wire.redriveExecution(executions, tx, request),
      StopExecution: (tx, request) => wire.stopExecution(executions, tx, request),
      SendTaskSuccess: (tx, request) => wire.sendTaskSuccess(executions, tx, request),
      SendTaskFailure: (tx, request) => wire.sendTaskFailure(executions, tx, request),
      SendTaskHeartbeat: (tx, request) => wire.sendTaskHeartbeat(executions, tx, request),
      UpdateMapRun: (tx, request) => mapRuns.updateMapRun(sessionOf(tx), request),
      CreateActivity: (tx, request) => activities.create(tx, request),
      DeleteActivity: (tx, request) => activities.delete(tx, request),
    },
    read: {
      DescribeStateMachine: (view, request) => machines.describeStateMachine(engine, view, request),
      DescribeStateMachineForExecution: (view, request) => machines.describeStateMachineForExecution(engine, executions, view, request),
      ValidateStateMachineDefinition: (_, request) => machines.validateStateMachineDefinition(request),
      ListStateMachines: (view, request) => machines.listStateMachines(engine, view, request),
      ListStateMachineVersions: (view, request) => versions.listStateMachineVersions(engine, view, request),
      DescribeStateMachineAlias: (view, request) => aliases.describeStateMachineAlias(engine, view, request),
      ListStateMachineAliases: (view, request) => aliases.listStateMachineAliases(engine, view, request),
      ListTagsForResource: (view, request) => tags.listTagsForResource(engine, view, request),
      DescribeExecution: (view, request) => wire.describeExecution(engine, executions, view, request),
      ListExecutions: (view, request) => wire.list(engine, view, request),
      GetExecutionHistory: (view, request) => wire.getExecutionHistory(executions, view, request),
      DescribeMapRun: (view, request) => mapRuns.describeMapRun(engine, view, request),
      ListMapRuns: (view, request) => mapRuns.listMapRuns(engine, executions.find, view, request),
      DescribeActivity: (view, request) => activities.describe(view, request),
      ListActivities: (view, request) => activities.list(view, request),
    },
  };
}
