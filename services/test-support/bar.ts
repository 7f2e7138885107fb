/** A whole bar for tests: the blueprint on the real engines, in a temporary folder, by a clock that stands still. Streams, queues and MQTT are short-circuited. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blueprint, fillDefinition, parseRequest } from "@serverlesspresso/blueprint";
import { executionName } from "@serverlesspresso/blueprint/execution-name.ts";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import { names } from "@serverlesspresso/contract";
import { createEventBus, createEventsPort, type Envelope, type EventBus, type TargetInvokers } from "@serverlesspresso/event-bus";
import type { FunctionHandler, Identity, Ids, Item, JsonObject, JsonValue, MetricDatum, Ports, Tables } from "@serverlesspresso/ports";
import { createEvaluator } from "@serverlesspresso/states-language/evaluator";
import { openStore, type Store, type Transaction } from "@serverlesspresso/store";
import { createTables, createTablesPort, type TableStreamRecord, type TablesEngine } from "@serverlesspresso/tables";
import { createServiceIntegrations, createWorkflows, type Integrations, type Workflows } from "@serverlesspresso/workflow";
import { z } from "zod";
import { services as allServices, createHandlers } from "../index.ts";
import { isJsonObject } from "../shared/json.ts";
import { usualSettings } from "../shared/settings.ts";
import { everyEvent, undescribed } from "./described-events.ts";
import { account, arnOf, arns, list, nameOf, pathOf, region, resolve, tableRequest } from "./wiring.ts";

/** The response to one call of the API. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, JsonValue>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The services and engines in one process, with what a test moves and reads. */
export interface Bar {
  readonly clock: ManualClock;
  readonly tables: Tables;
  readonly workflows: Workflows;
  /** The messages published to topics. */
  readonly published: { readonly topic: string; readonly payload: JsonObject }[];
  /** What the queues got, as JSON text. */
  readonly queued: Map<string, string[]>;
  readonly metrics: MetricDatum[];
  readonly errors: string[];
  /** The expressions that a thread had to evaluate though no test held evaluations back: none on the way of a usual order. */
  readonly inThreads: string[];
  /** Switches a rule's deliveries to a function off, as if it were slow for ever. */
  readonly held: Set<string>;
  /**
   * Lets functions and the order manager make so many calls more; the next stops who makes it, as a crash would, and so does each after it.
   * `Infinity`: nothing stops.
   */
  callsLeft: number;
  /** Whether each evaluation takes its time, as if the threads were busy. */
  evaluatesLate: boolean;
  /** Calls the API as `who`. Where it waits, `finish` moves the clock on. */
  call(who: Identity | null, request: string, options?: { readonly body?: JsonValue; readonly key?: string }): Promise<Answer>;
  invoke(name: string, event: JsonValue): Promise<JsonValue | undefined>;
  execute(operation: string, request: JsonObject): Promise<JsonObject>;
  putEvent(detailType: string, detail: JsonObject): Promise<void>;
  /** Every event so far, oldest first. */
  events(detailType?: string): readonly Envelope[];
  order(orderId: string): Promise<Item | undefined>;
  executionStatus(orderId: string): string;
  /** Lets everything settle. */
  settle(): Promise<void>;
  /** Moves the clock on until `work` is done. */
  finish<T>(work: Promise<T>, stepMs?: number): Promise<T>;
  /** A signed-in guest. */
  guest(name: string): Identity;
  readonly barista: Identity;
  readonly colleague: Identity;
  /** Rejects when an event of the system is not as the event catalogue describes it. */
  close(): Promise<void>;
}

/** The engines that ports stand before. */
export interface BarEngines {
  readonly clock: ManualClock;
  readonly ids: Ids;
  readonly store: Store;
  readonly tables: TablesEngine;
  readonly workflows: Workflows;
}
/** The ports to tables and tasks, as a platform makes them. */
export type PortsOver = (engines: BarEngines) => Pick<Ports, "tables" | "tasks">;

/** Those of the local platform. */
export const localPorts: PortsOver = ({ store, tables, workflows }) => ({
  tables: createTablesPort(store, tables),
  tasks: {
    async sendTaskSuccess({ taskToken, output }) {
      await store.transact((tx) => workflows.execute(tx, "SendTaskSuccess", { taskToken, output: JSON.stringify(output) }));
    },
    async sendTaskFailure(request) {
      await store.transact((tx) => workflows.execute(tx, "SendTaskFailure", request));
    },
  },
});

/** Opens a bar with the blueprint's seed. */
export async function openBar(portsOver: PortsOver = localPorts): Promise<Bar> {
  const folder = mkdtempSync(join(tmpdir(), "bar-"));
  const clock = createManualClock();
  const ids = createIds(clock);
  const errors: string[] = [];
  const inThreads: string[] = [];
  const onError = (error: unknown, what: string): void => void errors.push(`${what}: ${(error as Error).message}`);
  const store = await openStore({ folder, onFailure: (error) => errors.push(error.message) });
  const unsettle = clock.settleWith(() => store.flush());
  const published: { topic: string; payload: JsonObject }[] = [];
  const queued = new Map<string, string[]>();
  const metrics: MetricDatum[] = [];
  const metricKeys = new Set<string>();
  const held = new Set<string>();
  let callsLeft = Number.POSITIVE_INFINITY;
  const byHand = new Set<string>();
  const evaluator = createEvaluator();
  // Threads run in real time, and the clock stands still: settling waits for evaluations under way. The blueprint's own are made in the process, unless a test
  // holds them back.
  let evaluating: Promise<unknown> = Promise.resolve();
  const unsettleEvaluator = clock.settleWith(() => evaluating);

  const tables = createTables({ store, clock, ids, account, region, onStreamRecords: deliverStream });
  const bus: EventBus = createEventBus({ store, clock, ids, account, region, targets: targets(), onError });
  const workflows: Workflows = createWorkflows({
    store,
    clock,
    ids,
    account,
    region,
    integrations: () => integrations,
    evaluator: {
      evaluateNow: (expression, variables) => (bar.evaluatesLate ? { kind: "pending" } : evaluator.evaluateNow(expression, variables)),
      evaluate(expression, variables) {
        if (!bar.evaluatesLate) inThreads.push(expression);
        const evaluation = evaluator.evaluate(expression, variables);
        evaluating = Promise.all([evaluating, evaluation]);
        return evaluation;
      },
    },
    onError,
    onStatusChange: (tx, { executionArn, detail }) =>
      bus.putServiceEvent(tx, {
        source: "aws.states",
        detailType: "Step Functions Execution Status Change",
        detail,
        resources: [executionArn],
      }),
    invokeFunction: async (name, payload) => ({ payload: (await invoke(nameOf(name), payload)) ?? null }),
  });
  const integrations: Integrations = stoppable(
    createServiceIntegrations({ store, services: [tables, workflows, bus], origin: () => "http://bar", requestId: ids.uuid }),
  );
  const port = createTablesPort(store, tables);
  const given = portsOver({ clock, ids, store, tables, workflows });
  const ports: Ports = {
    clock,
    ids,
    tables: counted(given.tables),
    events: counted(createEventsPort(store, bus, blueprint.bus.name)),
    states: {} as Ports["states"],
    tasks: counted(given.tasks),
    identities: {} as Ports["identities"],
    settings: usualSettings,
    topics: { publish: async (topic, payload) => void published.push({ topic, payload: payload as JsonObject }) },
    metrics: {
      async putMetricData(data, idempotencyKey) {
        if (idempotencyKey !== undefined && metricKeys.has(idempotencyKey)) return;
        if (idempotencyKey !== undefined) metricKeys.add(idempotencyKey);
        metrics.push(...data);
      },
    },
  };
  const services = createHandlers(allServices, ports, names);
  await store.transact(build);
  bus.start();
  workflows.start();
  await clock.advance(0);

  async function invoke(name: string, event: JsonValue): Promise<JsonValue | undefined> {
    const handler = services[name] as FunctionHandler;
    return handler(structuredClone(event), { functionName: name, awsRequestId: ids.uuid(), log: () => {} });
  }

  function countCall(): void {
    if (callsLeft-- <= 0) throw new Error("stopped here");
  }

  /** A port whose calls count. */
  function counted<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get(target, verb, receiver) {
        const call: unknown = Reflect.get(target, verb, receiver);
        if (typeof call !== "function") return call;
        return async (...given: unknown[]) => {
          countCall();
          return Reflect.apply(call, target, given) as unknown;
        };
      },
    });
  }

  /** The order manager's calls count; the order processor is durable, and its engine's own tests stop that. */
  function stoppable(all: Integrations): Integrations {
    return Object.fromEntries(
      Object.entries(all).map(([name, integration]) => {
        if (integration.kind !== "transactional") return [name, integration];
        const call: typeof integration.call = (tx, parameters, task) => {
          if (task.executionArn.includes("OrderManager")) countCall();
          return integration.call(tx, parameters, task);
        };
        return [name, { ...integration, call }];
      }),
    );
  }

  function deliverStream(tx: Transaction, tableName: string, records: readonly TableStreamRecord[]): void {
    const consumer = blueprint.tables.find(({ name }) => name === tableName)?.stream?.[0]?.function;
    if (consumer === undefined || held.has(consumer)) return;
    const Records = jsonOf(records);
    tx.afterCommit(() => void invoke(consumer, { Records }).catch((error: unknown) => onError(error, consumer)));
  }

  function targets(): TargetInvokers {
    return {
      lambda: {
        kind: "external",
        deliver: async ({ Arn }, input) => {
          if (!held.has(nameOf(Arn))) await invoke(nameOf(Arn), input);
        },
      },
      states: {
        kind: "transactional",
        deliver(tx, { Arn }, input) {
          const name = executionName(input, "$.detail.orderId");
          const request = { stateMachineArn: Arn, input: JSON.stringify(input), ...(name !== undefined && { name }) };
          try {
            workflows.execute(tx, "StartExecution", request);
          } catch (error) {
            if ((error as Error).name !== "ExecutionAlreadyExists") throw error;
          }
        },
      },
      sqs: { kind: "transactional", deliver: (_, { Arn }, input) => void list(queued, nameOf(Arn)).push(JSON.stringify(input)) },
      logs: { kind: "transactional", deliver: () => {} },
    };
  }

  function build(tx: Transaction): void {
    for (const table of blueprint.tables) tables.createTable(tx, tableRequest(table));
    for (const { tableName, item } of blueprint.seed) tables.execute(tx, "PutItem", { TableName: tableName, Item: item });
    for (const rule of blueprint.rules) {
      bus.putRule(tx, {
        ...rule,
        busName: rule.bus ?? blueprint.bus.name,
        targets: rule.targets.map((target) => ({ Id: target.kind, Arn: arnOf(target) })),
      });
    }
    for (const workflow of blueprint.workflows) {
      const text = readFileSync(join(import.meta.dirname, "../../blueprint", workflow.file), "utf8");
      workflows.putStateMachine(tx, { name: workflow.name, type: workflow.type, definition: fillDefinition(workflow, text, resolve) });
    }
  }

  const bar: Bar = {
    clock,
    tables: port,
    workflows,
    published,
    queued,
    metrics,
    errors,
    inThreads,
    held,
    get callsLeft() {
      return callsLeft;
    },
    set callsLeft(calls) {
      callsLeft = calls;
    },
    evaluatesLate: false,
    invoke,
    execute: (operation, request) => store.transact((tx) => workflows.execute(tx, operation, request)),
    settle: () => clock.advance(0),
    async finish(work, stepMs = 100) {
      let done = false;
      const end = (): void => {
        done = true;
      };
      work.then(end, end);
      for (let i = 0; i < 1000 && !done; i++) await clock.advance(i === 0 ? 0 : stepMs);
      return work;
    },
    guest: (name) => ({ sub: name, groups: [], name }),
    barista: { sub: "barista-1", groups: ["admin"] },
    colleague: { sub: "barista-2", groups: ["admin"] },
    async putEvent(detailType, detail) {
      const { eventIds } = await ports.events.putEvents([{ source: names.eventSource, detailType, detail }]);
      for (const id of eventIds) byHand.add(id);
      await bar.settle();
    },
    events: (detailType) =>
      bus
        .listEvents(store, { limit: 1000 })
        .events.map(({ envelope }) => envelope)
        .filter((envelope) => detailType === undefined || envelope["detail-type"] === detailType),
    order: (orderId) => port.getItem({ tableName: names.orderTable, key: { PK: "orders", SK: orderId } }),
    executionStatus(orderId) {
      const executionArn = `arn:aws:states:${region}:${account}:execution:OrderProcessorWorkflow:${orderId}`;
      return workflows.query(store, "DescribeExecution", { executionArn }).status as string;
    },
    async call(who, request, { body = {}, key } = {}) {
      const [method, address] = request.split(" ") as [string, string];
      const url = new URL(address, "http://bar");
      const route = blueprint.routes.find((one) => one.method === method && pathOf(one.path).test(url.pathname));
      if (route === undefined) throw new Error(`no route for ${request}`);
      const pathParameters = { ...pathOf(route.path).exec(url.pathname)?.groups };
      const parsed = parseRequest(route, { pathParameters, query: Object.fromEntries(url.searchParams), body });
      if ("problem" in parsed) return { status: parsed.problem.status, body: jsonOf(parsed.problem) as JsonObject };
      const headers: Record<string, string> = key === undefined ? {} : { "idempotency-key": key };
      const event = { method, path: url.pathname, headers, identity: who, ...parsed.request };
      const { target } = route;
      if ("function" in target) return answerOf(await invoke(target.function, jsonOf(event)));
      const input = {
        action: parsed.request.queryStringParameters.action ?? "",
        orderId: pathParameters.id ?? "",
        userId: who?.sub ?? "",
        isAdmin: who?.groups.includes("admin") ?? false,
        nowMs: clock.nowMs(),
        body: parsed.request.body,
      };
      return runWorkflow(input);
    },
    async close() {
      const faults = undescribed(everyEvent(bus, store), byHand);
      workflows.stop();
      await bus.stop();
      unsettle();
      unsettleEvaluator();
      await evaluator.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
      if (faults.length > 0) throw new Error(faults.join("\n"));
    },
  };

  async function runWorkflow(input: JsonObject): Promise<Answer> {
    const request = { stateMachineArn: arns.workflow("OrderManagerStateMachine"), input: JSON.stringify(input) };
    const ended = await workflows.startSyncExecution(request);
    if (ended.status !== "SUCCEEDED")
      throw new Error(`order manager ${String(ended.status)}: ${String(ended.error)} ${String(ended.cause)}`);
    const { statusCode, body, problem } = JSON.parse(ended.output as string) as Record<string, JsonObject> & { statusCode: number };
    return { status: statusCode, body: (body ?? problem) as Answer["body"] };
  }
  return bar;
}

function answerOf(response: JsonValue | undefined): Answer {
  const { statusCode: status, ...answer } = Response.parse(response);
  return { status, ...answer };
}

const Response = z.object({
  statusCode: z.number(),
  body: z.custom<Answer["body"]>(isJsonObject),
  headers: z.record(z.string(), z.string()).exactOptional(),
});

/** What goes over a wire is JSON. */
function jsonOf(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
