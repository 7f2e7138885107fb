import type { Blueprint } from "@serverlesspresso/blueprint";
import { type ConnectionParameters, createEventBus, type EventBus } from "@serverlesspresso/event-bus";
import { createFunctions, type Functions } from "@serverlesspresso/functions";
import { createLogs, type Logs } from "@serverlesspresso/logs";
import { createMetrics, type Metrics } from "@serverlesspresso/metrics";
import type { Clock, Ids } from "@serverlesspresso/ports";
import { createQueues, type Queues } from "@serverlesspresso/queues";
import { createDefinitionChecker, type DefinitionChecker } from "@serverlesspresso/states-language/checker";
import { createEvaluator, type Evaluator } from "@serverlesspresso/states-language/evaluator";
import type { Store } from "@serverlesspresso/store";
import { createTables, type TablesEngine } from "@serverlesspresso/tables";
import { createWorkflows, type Integration, type Workflows } from "@serverlesspresso/workflow";
import type { Buckets } from "./buckets/buckets.ts";
import { createItemReader } from "./buckets/read-items.ts";
import { createResultWriter } from "./buckets/write-results.ts";
import { createDeadlines, type Deadlines } from "./deadlines.ts";
import { createIntegrations } from "./integrations.ts";
import { createApiDestinationTarget } from "./outbound/api-destination.ts";
import type { CallHttp } from "./outbound/http-client.ts";
import { createHttpTask } from "./outbound/http-task.ts";
import { place } from "./place.ts";
import { eventOf } from "./status-events.ts";
import { createStreamDelivery, type StreamDelivery } from "./stream-delivery.ts";
import { createTargets } from "./targets.ts";
import { type Keep, usualKeep } from "./upkeep/keep.ts";
import { logExpress } from "./workflow-logs.ts";

/** Every engine, each given what it calls of the others. */
export interface Engines {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logs: Logs;
  readonly metrics: Metrics;
  readonly functions: Functions;
  readonly queues: Queues;
  readonly tables: TablesEngine;
  readonly streams: StreamDelivery;
  readonly deadlines: Deadlines;
  readonly evaluator: Evaluator;
  readonly definitions: DefinitionChecker;
  readonly workflows: Workflows;
  readonly bus: EventBus;
}

/** Stands between whatever calls an engine and the engine: answers what is called in its place. */
export type Observe = <Engine extends object>(name: string, engine: Engine) => Engine;

export interface EnginesOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Measures real work; see `shop-clock.ts`, C5. */
  readonly realClock: Clock;
  readonly ids: Ids;
  readonly blueprint: Blueprint;
  readonly buckets: Buckets;
  readonly callHttp: CallHttp;
  /** What tasks call: filled here, and by whoever has more. */
  readonly integrations: Record<string, Integration>;
  readonly onError: (error: unknown, what: string) => void;
  readonly observe?: Observe | undefined;
  readonly keep?: Keep | undefined;
}

const mostBytesPerLogGroup = 64 * 1024 * 1024;

/** Makes the engines; nothing runs yet. */
export function createEngines({
  blueprint,
  buckets,
  callHttp,
  integrations,
  realClock,
  keep = usualKeep,
  observe = (_, engine) => engine,
  ...base
}: EnginesOptions): Engines {
  const { ids, clock, onError } = base;
  const shared = { ...base, ...place };
  const logs = observe(
    "logs",
    createLogs({ ...shared, ...(keep.logs !== undefined && { retentionDays: keep.logs }), mostBytesPerGroup: mostBytesPerLogGroup }),
  );
  const metrics = observe("metrics", createMetrics(shared));
  const functions = observe("functions", createFunctions({ ...shared, clock: realClock, log: logs.append }));
  const queues = observe("queues", createQueues(shared));
  const streams = createStreamDelivery({ ...base, functions, tables: blueprint.tables });
  const tables = observe("tables", createTables({ ...shared, onStreamRecords }));
  const deadlines = createDeadlines({ ...base, functions, tables, deadlines: blueprint.deadlines });
  const evaluator = createEvaluator({ nowMs: clock.nowMs });
  const definitions = createDefinitionChecker({ clock: realClock });
  const workflows = observe(
    "workflows",
    createWorkflows({
      ...shared,
      integrations,
      evaluator,
      diagnose: definitions.diagnose,
      checkTest: definitions.checkTest,
      invokeFunction: functions.invoke,
      log: (entry) => logExpress(logs, entry),
      retentionDays: keep.executions,
      onStatusChange: (tx, change) => bus.putServiceEvent(tx, eventOf(change)),
      readItems: createItemReader(buckets),
      writeResults: createResultWriter(buckets),
    }),
  );
  const connectionParameters = (arn: string): ConnectionParameters | undefined => bus.connectionParameters(base.store, arn);
  const bus: EventBus = observe(
    "bus",
    createEventBus({
      ...shared,
      ...(keep.archive !== undefined && { archiveRetentionDays: keep.archive }),
      targets: createTargets({
        functions,
        workflows,
        queues,
        toApiDestination: createApiDestinationTarget({
          call: callHttp,
          apiDestination: (arn) => bus.apiDestination(base.store, arn),
          connectionParameters,
        }),
        writeLog: (tx, group, line) => logs.putLogEvents(tx, group, "events", [{ timestampMs: clock.nowMs(), message: line }]),
      }),
      deadLetter(tx, queueArn, { body, attributes }) {
        const texts = Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]);
        queues.sendMessage(tx, queueArn, { body, attributes: Object.fromEntries(texts) });
      },
      onError,
    }),
  );
  const httpTask = createHttpTask({ call: callHttp, region: place.region, connectionParameters });
  // Now that the bus is there: the two call each other.
  Object.assign(integrations, createIntegrations({ tables, bus, queues, workflows, httpTask, requestId: ids.uuid }));
  return {
    store: base.store,
    clock,
    ids,
    logs,
    metrics,
    functions,
    queues,
    tables,
    streams,
    deadlines,
    evaluator,
    definitions,
    workflows,
    bus,
  };

  function onStreamRecords(...[tx, tableName, records]: Parameters<StreamDelivery["accept"]>): void {
    streams.accept(tx, tableName, records);
    deadlines.accept(tx, tableName);
  }
}
