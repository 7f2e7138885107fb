/** What the tests of this package run on: a real store in a temporary folder, a clock that stands still, a few integrations. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import * as statesLanguage from "@serverlesspresso/states-language";
import { keyOf, openStore, type Store } from "@serverlesspresso/store";
import type { Core } from "./core.ts";
import type { WorkflowDeps } from "./engine.ts";
import { TaskError, WorkflowError } from "./errors.ts";
import type { FunctionResult, Integration, Integrations } from "./integration.ts";
import { childExecutionIntegrations } from "./integrations/child-executions.ts";
import { createServiceIntegrations } from "./integrations/service-integrations.ts";
import { createWorkflows, type Workflows } from "./workflows.ts";

/** One process's worth of engine; `restart` is a crash and a new start. */
export interface Harness {
  readonly clock: ManualClock;
  store: Store;
  workflows: Workflows;
  /** What tasks call beside Step Functions; tests add to it. */
  readonly integrations: Record<string, Integration>;
  readonly functions: Map<string, (payload: JsonValue) => Promise<FunctionResult>>;
  /** Task tokens handed to `test:ask`, by its parameter `id`. */
  readonly tokens: Map<string, string>;
  readonly errors: string[];
  readonly logs: string[];
  define(name: string, definition: JsonObject, type?: "STANDARD" | "EXPRESS"): Promise<string>;
  execute(operation: string, request: JsonObject): Promise<JsonObject>;
  start(name: string, input?: JsonValue, executionName?: string): Promise<string>;
  describe(executionArn: string): JsonObject;
  history(executionArn: string): string[];
  /** Drops the engine without a word and opens the folder anew; `whileDown` runs in between. */
  restart(whileDown?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const account = "123456789012";
const region = "us-east-1";
/** Returns the ARN of a state machine in the harness's account and region. */
export const stateMachineArn = (name: string): string => `arn:aws:states:${region}:${account}:stateMachine:${name}`;

/** Opens an engine over a temporary folder, with a clock that tests move. */
export async function openHarness(overrides: Partial<WorkflowDeps> = {}, core: Core = statesLanguage): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), "workflow-"));
  const clock = createManualClock();
  const functions: Harness["functions"] = new Map();
  const tokens = new Map<string, string>();
  const [errors, logs]: [string[], string[]] = [[], []];
  const integrations = testIntegrations(tokens);
  let unsettle: () => void = () => {};
  let process = 0;

  async function open(): Promise<{ store: Store; workflows: Workflows }> {
    const own = ++process;
    const store = await openStore({ folder, onFailure: (error) => errors.push(error.message) });
    unsettle = clock.settleWith(() => store.flush());
    const workflows = createWorkflows(
      {
        store,
        clock,
        ids: createIds(clock),
        account,
        region,
        integrations: () => ({ ...ofSteps, ...integrations }),
        invokeFunction: (name, payload) => {
          const run = functions.get(name);
          return run ? run(payload) : Promise.reject(new WorkflowError("ResourceNotFoundException", `Function not found: ${name}`));
        },
        evaluator: {
          evaluateNow: () => ({ kind: "error", code: "T", message: "no evaluator in this test" }),
          evaluate: async () => ({ kind: "error", code: "T", message: "no evaluator in this test" }),
        },
        log: ({ events }) => logs.push(...events.map(({ type }) => type)),
        // A crashed process says nothing more.
        onError: (error, what) => own === process && errors.push(`${what}: ${(error as Error).message}`),
        ...overrides,
      },
      core,
    );
    const requestId = () => "request";
    const ofSteps: Integrations = {
      ...createServiceIntegrations({ store, services: [workflows], origin: () => "http://test", requestId }),
      ...childExecutionIntegrations(workflows, requestId),
    };
    workflows.start();
    return { store, workflows };
  }

  const harness: Harness = {
    clock,
    ...(await open()),
    integrations,
    functions,
    tokens,
    errors,
    logs,
    async define(name, definition, type = "STANDARD") {
      return harness.store.transact((tx) => harness.workflows.putStateMachine(tx, { name, type, definition }).stateMachineArn);
    },
    execute: (operation, request) => harness.store.transact((tx) => harness.workflows.execute(tx, operation, request)),
    async start(name, input = {}, executionName) {
      const request = {
        stateMachineArn: stateMachineArn(name),
        input: JSON.stringify(input),
        ...(executionName && { name: executionName }),
      };
      return (await harness.execute("StartExecution", request)).executionArn as string;
    },
    describe: (executionArn) => harness.workflows.query(harness.store, "DescribeExecution", { executionArn }),
    history(executionArn) {
      const request = { executionArn, maxResults: 1000 };
      const { events } = harness.workflows.query(harness.store, "GetExecutionHistory", request) as { events: JsonObject[] };
      return events.map(({ type }) => type as string);
    },
    async restart(whileDown) {
      unsettle();
      process++;
      await harness.store.close();
      await whileDown?.();
      ({ store: harness.store, workflows: harness.workflows } = await open());
      await clock.advance(0);
    },
    async close() {
      harness.workflows.stop();
      unsettle();
      await harness.store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return harness;
}

function testIntegrations(tokens: Map<string, string>): Record<string, Integration> {
  return {
    /** Counts up the number under `name`, and answers it. */
    "test:count": {
      kind: "transactional",
      call(tx, { name = "n" }) {
        const value = (tx.get<number>(keyOf("test", name as string)) ?? 0) + 1;
        tx.put(keyOf("test", name as string), value);
        return { value };
      },
    },
    /** Hands its token over, through the store as an event would. */
    "test:ask": {
      kind: "transactional",
      call(tx, { id, token }) {
        tx.afterCommit(() => tokens.set(id as string, token as string));
        return {};
      },
    },
    /** Writes, then fails. */
    "test:fail": {
      kind: "transactional",
      call(tx, { error = "Test.Failed" }) {
        tx.put(keyOf("test", "half"), 1);
        throw new TaskError(error as string, "as asked");
      },
    },
    /** Throws what no integration should. */
    "test:bug": {
      kind: "transactional",
      call() {
        throw new TypeError("a bug in an integration");
      },
    },
  };
}

/** A Task state; `more` is merged into it. */
export function task(resource: string, parameters: JsonObject, more: JsonObject = { End: true }): JsonObject {
  return { Type: "Task", Resource: `arn:aws:states:::${resource}`, Parameters: parameters, ...more };
}

/** A Task state that hands out its token under the execution's name plus `suffix` and waits. */
export function ask(suffix: string, more: JsonObject = { End: true }): JsonObject {
  const id = `States.Format('{}${suffix}', $$.Execution.Name)`;
  return task("test:ask.waitForTaskToken", { "id.$": id, "token.$": "$$.Task.Token" }, more);
}
