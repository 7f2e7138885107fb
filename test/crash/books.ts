/** What the data folder of a stopped bar holds of its orders. Table, history and archive are read each on its own, so that they can disagree. */

import { createIds, createManualClock } from "@serverlesspresso/clock";
import { names } from "@serverlesspresso/contract";
import { createEventBus } from "@serverlesspresso/event-bus";
import { createLogs, type Logs } from "@serverlesspresso/logs";
import type { JsonObject } from "@serverlesspresso/ports";
import { createQueues } from "@serverlesspresso/queues";
import { openStore, type ReadView, rangeOf } from "@serverlesspresso/store";
import { createTables, unmarshall } from "@serverlesspresso/tables";
import { createWorkflows } from "@serverlesspresso/workflow";
import { linkedArchive } from "../../platforms/local/src/linked-archive.ts";

export interface OrderRecord {
  readonly SK: string;
  readonly USERID: string;
  readonly ORDERSTATE: string;
  readonly drinkOrder: string;
  readonly createdMs: number;
  readonly TS: number;
  readonly orderNumber?: number;
  readonly TaskToken?: string;
  readonly pending?: string;
  readonly bucket?: { readonly window: string };
}
export interface Fact {
  readonly type: string;
  readonly atMs: number;
  readonly detail: JsonObject;
}
/** One event of a history; `state` where it enters or leaves one. */
export interface HistoryEntry {
  readonly type: string;
  readonly atMs: number;
  readonly state?: string;
}
export interface ExecutionRecord {
  readonly name: string;
  readonly status: string;
  readonly startMs: number;
  /** Of one that has ended. */
  readonly stopMs?: number;
  /** In order; `gap in history` where a number is missing. */
  readonly events: readonly HistoryEntry[];
}
/** Everything a stopped bar's folder holds of its orders. */
export interface Books {
  readonly orders: readonly OrderRecord[];
  readonly facts: readonly Fact[];
  readonly executions: ReadonlyMap<string, ExecutionRecord>;
  readonly windows: readonly { readonly PK: string; readonly drinks: number; readonly availableTokens: number }[];
  readonly drawn: number;
  /** Counts under `YYYY-MM-DD#name`. */
  readonly metrics: ReadonlyMap<string, number>;
  readonly logLines: number;
  readonly undelivered: number;
  readonly dead: number;
  readonly queued: number;
  readonly timers: number;
}

const account = "123456789012";
const region = "us-east-1";

/** Opens the folder, reads its books, closes it. */
export async function readBooks(folder: string): Promise<Books> {
  const store = await openStore({
    folder,
    onFailure: (error) => {
      throw error;
    },
  });
  const clock = createManualClock(0);
  const ids = createIds(clock);
  const common = { store, clock, ids, account, region, onError: () => {} };
  try {
    const tables = createTables(common);
    const bus = createEventBus({ ...common, targets: {} });
    const queues = createQueues(common);
    const workflows = createWorkflows({
      ...common,
      integrations: () => ({}),
      invokeFunction: () => Promise.reject(new Error("nothing runs here")),
      evaluator: {
        evaluateNow: () => ({ kind: "pending" }),
        evaluate: () => Promise.reject(new Error("nothing runs here")),
      },
      log: () => {},
    });
    const scanTable = <T>(name: string): T[] => scanAll(tables, store, name) as T[];
    const executions = readExecutions((operation, request) => workflows.query(store, operation, request));
    const validator = scanTable<{ PK: string; drinks?: number; availableTokens: number }>(names.validatorTable);
    const metrics = scanTable<{ PK: string; SK: string; val: number }>(names.metricsTable);
    return {
      orders: scanTable<OrderRecord>(names.orderTable).filter((item) => (item as unknown as { PK: string }).PK === "orders"),
      facts: readFacts(bus, store),
      executions,
      windows: validator.filter((item) => item.drinks !== undefined) as Books["windows"],
      drawn: scanTable<{ PK: string; IDvalue: number }>(names.countingTable).find(({ PK }) => PK === "orderID")?.IDvalue ?? 0,
      metrics: new Map(metrics.filter(({ PK }) => PK === "Aggregate").map(({ SK, val }) => [SK, val])),
      logLines: countLogLines(createLogs({ ...common, linked: linkedArchive(undefined) }), store),
      undelivered: bus.pendingDeliveries(store),
      dead: bus.deadDeliveries(store).length,
      queued: countQueued(queues, store),
      timers: store.scan(rangeOf("timer", "workflow")).length,
    };
  } finally {
    await store.close();
  }
}

function scanAll(tables: ReturnType<typeof createTables>, view: Parameters<typeof tables.query>[0], TableName: string): unknown[] {
  const items: unknown[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page = tables.query(view, "Scan", { TableName, ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }) } as JsonObject);
    items.push(...(page.Items as JsonObject[]).map((item) => unmarshall(item as never)));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}

function readFacts(bus: ReturnType<typeof createEventBus>, view: Parameters<typeof bus.listEvents>[0]): Fact[] {
  const facts: Fact[] = [];
  let from: number | undefined;
  do {
    const page = bus.listEvents(view, { limit: 1000, ...(from === undefined ? {} : { fromSequence: from }) });
    facts.push(
      ...page.events.map(({ envelope }) => ({
        type: envelope["detail-type"],
        atMs: Date.parse(envelope.time),
        detail: envelope.detail as JsonObject,
      })),
    );
    from = page.nextSequence;
  } while (from !== undefined);
  return facts;
}

function readExecutions(query: (operation: string, request: JsonObject) => JsonObject): Map<string, ExecutionRecord> {
  const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${names.orderProcessor}`;
  const found = new Map<string, ExecutionRecord>();
  let nextToken: unknown;
  do {
    const page = query("ListExecutions", {
      stateMachineArn,
      maxResults: 1000,
      ...(nextToken === undefined ? {} : { nextToken }),
    } as JsonObject);
    for (const execution of page.executions as unknown as ListedExecution[]) {
      const { executionArn, name, status, startDate, stopDate } = execution;
      const history = query("GetExecutionHistory", { executionArn, maxResults: 1000 }).events as unknown as ListedEvent[];
      const stop = stopDate === undefined ? {} : { stopMs: stopDate * 1000 };
      found.set(name, { name, status, startMs: startDate * 1000, ...stop, events: entriesOf(history) });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

interface ListedExecution {
  readonly executionArn: string;
  readonly name: string;
  readonly status: string;
  readonly startDate: number;
  readonly stopDate?: number;
}
interface ListedEvent {
  readonly id: number;
  readonly type: string;
  readonly timestamp: number;
  readonly stateEnteredEventDetails?: { readonly name: string };
  readonly stateExitedEventDetails?: { readonly name: string };
}

function entriesOf(history: readonly ListedEvent[]): HistoryEntry[] {
  const isWhole = history.every(({ id }, index) => id === index + 1);
  if (!isWhole) return [{ type: "gap in history", atMs: 0 }];
  return history.map(({ type, timestamp, stateEnteredEventDetails, stateExitedEventDetails }) => {
    const state = (stateEnteredEventDetails ?? stateExitedEventDetails)?.name;
    return { type, atMs: timestamp * 1000, ...(state === undefined ? {} : { state }) };
  });
}

/** Lines of the bus's own log group, as operators read them. */
function countLogLines(logs: Logs, view: ReadView): number {
  let lines = 0;
  let nextToken: unknown;
  do {
    const request = { logGroupName: names.eventLogGroup, ...(typeof nextToken === "string" && { nextToken }) };
    const page = logs.query(view, "FilterLogEvents", request);
    lines += (page.events as JsonObject[]).length;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

function countQueued(queues: ReturnType<typeof createQueues>, view: Parameters<typeof queues.query>[0]): number {
  const { QueueUrls } = queues.query(view, "ListQueues", {}) as { QueueUrls?: string[] };
  return (QueueUrls ?? []).reduce((sum, QueueUrl) => {
    const { Attributes } = queues.query(view, "GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] }) as {
      Attributes: Record<string, string>;
    };
    return sum + Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
  }, 0);
}
