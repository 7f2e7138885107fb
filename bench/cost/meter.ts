/**
 * Counts what AWS would bill while the shop runs: it stands between the engines and whatever calls them.
 *
 * N1. What it does not know it refuses, so that nothing runs uncounted.
 * N2. It changes no answer.
 */
import { blueprint, type TableBlueprint } from "@serverlesspresso/blueprint";
import { platformTableOf } from "@serverlesspresso/blueprint/edge/platform-table.ts";
import { names } from "@serverlesspresso/contract";
import type { EventBus } from "@serverlesspresso/event-bus";
import type { Functions } from "@serverlesspresso/functions";
import type { Logs } from "@serverlesspresso/logs";
import type { Metrics } from "@serverlesspresso/metrics";
import type { JsonObject, Topics } from "@serverlesspresso/ports";
import type { Queues } from "@serverlesspresso/queues";
import type { Transaction } from "@serverlesspresso/store";
import type { AttributeMap, TablesEngine } from "@serverlesspresso/tables";
import type { Workflows } from "@serverlesspresso/workflow";
import type { Observe } from "../../platforms/local/src/engines.ts";
import { type Counter, type Counts, createCounter } from "./counts.ts";
import { heatOf, tableOf, type Write, writesOf, writeUnits } from "./table-units.ts";

export interface Meter extends Counter {
  readonly observe: Observe;
  total(): Counts;
}

/** AWS's chunks: an event is billed in steps of 64 KB, a message of IoT Core in steps of 5 KB. */
const eventChunk = 65_536;
const messageChunk = 5_120;
const expressLogs = "/aws/vendedlogs/states/";

/** Makes a meter of a bar. @param tables of its blueprint, and the platform's own */
export function createMeter(tables: readonly TableBlueprint[] = [...blueprint.tables, platformTableOf(names)]): Meter {
  const counter = createCounter();
  const { add } = counter;

  const observers: Readonly<Record<string, (engine: never) => object>> = {
    tables: (engine: TablesEngine) => ({ ...engine, ...observeTables(engine, counter, tables) }),
    functions: (engine: Functions) =>
      ({
        ...engine,
        invoke(nameOrArn, payload) {
          add("lambda", nameOrArn.split(":").at(-1) ?? nameOrArn);
          return engine.invoke(nameOrArn, payload);
        },
      }) satisfies Functions,
    bus: (engine: EventBus) =>
      ({
        ...engine,
        putEvents(tx, request) {
          for (const entry of request.Entries as readonly JsonObject[]) countEvent(entry);
          return engine.putEvents(tx, request);
        },
        // Workflows put theirs as an operation.
        execute(tx, operation, request) {
          if (operation === "PutEvents") for (const entry of request.Entries as readonly JsonObject[]) countEvent(entry);
          return engine.execute(tx, operation, request);
        },
      }) satisfies EventBus,
    queues: (engine: Queues) =>
      ({
        ...engine,
        sendMessage(tx, queue, message) {
          add("sqs.send", queue.split(":").at(-1) ?? queue);
          return engine.sendMessage(tx, queue, message);
        },
        receiveMessages(tx, queue, options) {
          const found = engine.receiveMessages(tx, queue, options);
          // What was received is deleted in one request.
          if (found.length > 0) add("sqs.batch", queue.split(":").at(-1) ?? queue);
          return found;
        },
      }) satisfies Queues,
    logs: (engine: Logs) =>
      ({
        ...engine,
        append(group, line) {
          countLine(group, line);
          engine.append(group, line);
        },
        putLogEvents(tx, group, stream, events) {
          for (const { message } of events) countLine(group, message);
          return engine.putLogEvents(tx, group, stream, events);
        },
        // AWS's log groups take copies, and are billed for them.
        link: () => false,
      }) satisfies Logs,
    metrics: (engine: Metrics) =>
      ({
        ...engine,
        putMetricData(tx, data, key) {
          add("metrics", "PutMetricData");
          engine.putMetricData(tx, data, key);
        },
      }) satisfies Metrics,
    topics: (engine: Topics) =>
      ({
        async publish(topic, payload) {
          const bytes = Buffer.byteLength(JSON.stringify(payload)) + Buffer.byteLength(topic);
          add("iot.publish", audienceOf(topic), Math.ceil(bytes / messageChunk));
          add("iot.bytes", audienceOf(topic), bytes);
          await engine.publish(topic, payload);
        },
      }) satisfies Topics,
    // What their executions did is counted from their histories.
    workflows: (engine: Workflows) =>
      ({
        ...engine,
        execute(tx, operation, request) {
          if (operation === "StartExecution") add("start", String(request.stateMachineArn).split(":").at(-1) ?? "");
          return engine.execute(tx, operation, request);
        },
      }) satisfies Workflows,
  };

  function countEvent({ DetailType, Detail, Source }: JsonObject): void {
    const detail = typeof Detail === "string" ? Detail : JSON.stringify(Detail);
    const bytes = Buffer.byteLength(detail) + String(DetailType).length + String(Source).length;
    add("events", String(DetailType), Math.max(1, Math.ceil(bytes / eventChunk)));
    add("events.bytes", String(DetailType), bytes + envelopeBytes);
  }

  /** The states of an execution come in one line with the last, those before a call outside in a line each. */
  function countExpress(name: string, line: string): void {
    const { path, type } = JSON.parse(line) as { readonly path?: readonly string[]; readonly type: string };
    if (type === "ExecutionFailed" || type === "ExecutionTimedOut") throw new Error(`${name}: ${line}`);
    if (type === "ExecutionSucceeded") add("express", name);
    const states = path?.length ?? (type.endsWith("StateEntered") ? 1 : 0);
    if (states > 0) add("express.states", name, states);
  }

  function countLine(group: string, line: string): void {
    if (group.startsWith(expressLogs)) countExpress(group.slice(expressLogs.length), line);
    // CloudWatch adds 26 bytes to each line.
    else add("logs.bytes", group, Buffer.byteLength(line) + 26);
  }

  return {
    ...counter,
    observe(name, engine) {
      const observer = observers[name];
      if (observer === undefined) throw new RangeError(`"${name}" is not counted: its calls have no price`);
      return observer(engine as never) as typeof engine;
    },
  };
}

/** `version`, `id`, `account`, `time`, `region` and the names of all members, beside the detail. */
const envelopeBytes = 250;

function audienceOf(topic: string): string {
  if (topic === names.adminTopic) return "admin";
  if (topic === names.configTopic) return "config";
  if (topic.startsWith(names.userTopicPrefix)) return "user";
  throw new RangeError(`topic "${topic}" is not the blueprint's: its subscribers are unknown`);
}

const billedReads = ["GetItem", "Query"];
const billedWrites = ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"];
const unbilled = ["CreateTable", "UpdateTable", "UpdateTimeToLive", "DescribeTable", "DescribeTimeToLive", "ListTables"];

function observeTables(engine: TablesEngine, { add }: Counter, tables: readonly TableBlueprint[]): Pick<TablesEngine, "execute"> {
  const imageOf = (tx: Transaction, { table, key }: Write): AttributeMap | undefined =>
    engine.query(tx, "GetItem", { TableName: table.name, Key: key }).Item as AttributeMap | undefined;

  function read(tx: Transaction, operation: string, request: JsonObject): JsonObject {
    const consistent = operation === "GetItem" ? { ConsistentRead: true } : {};
    const { ConsumedCapacity, ...answer } = engine.execute(tx, operation, { ...request, ...consistent, ReturnConsumedCapacity: "TOTAL" });
    const table = tableOf(request.TableName as string, tables);
    const units = (ConsumedCapacity as { CapacityUnits: number }).CapacityUnits;
    add("dynamodb.read", table.name, units);
    if (operation === "GetItem") add("dynamodb.readHeat", heatOf({ table, key: request.Key as JsonObject }), units);
    return answer;
  }

  function write(tx: Transaction, operation: string, request: JsonObject): JsonObject {
    const writes = writesOf(operation, request, tables);
    const before = writes.map((write) => imageOf(tx, write));
    const factor = operation === "TransactWriteItems" ? 2 : 1;
    try {
      return engine.execute(tx, operation, request);
    } finally {
      for (const [at, one] of writes.entries()) countWrite(one, factor, writeUnits(one.table, before[at], imageOf(tx, one)));
    }
  }

  function countWrite(write: Write, factor: number, { own, indexes }: ReturnType<typeof writeUnits>): void {
    const { table } = write;
    add("dynamodb.write", table.name, factor * (own + indexes.reduce((sum, units) => sum + units, 0)));
    add("dynamodb.heat", heatOf(write), factor * own);
    for (const [at, { name }] of table.indexes.entries()) add("dynamodb.heat", `${table.name}/${name}`, factor * (indexes[at] ?? 0));
  }

  return {
    execute(tx, operation, request) {
      if (billedReads.includes(operation)) return read(tx, operation, request);
      if (billedWrites.includes(operation)) return write(tx, operation, request);
      if (!unbilled.includes(operation)) throw new RangeError(`${operation} of tables is not counted: it has no price`);
      return engine.execute(tx, operation, request);
    },
  };
}
