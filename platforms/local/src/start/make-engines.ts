/** The first phase of a start (P4): every engine on the ground alone. What it calls of other engines goes through its connection. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import { createEventBus } from "@serverlesspresso/event-bus";
import { createFunctions, type Functions } from "@serverlesspresso/functions";
import { createLogs, type Logs } from "@serverlesspresso/logs";
import { createMetrics } from "@serverlesspresso/metrics";
import { createQueues } from "@serverlesspresso/queues";
import { createDefinitionChecker } from "@serverlesspresso/states-language/checker";
import { createEvaluator } from "@serverlesspresso/states-language/evaluator";
import { createTables, type TablesEngine } from "@serverlesspresso/tables";
import { createWorkflows, type Workflows } from "@serverlesspresso/workflow";
import { createItemReader } from "../buckets/read-items.ts";
import { createResultWriter } from "../buckets/write-results.ts";
import { createDeadlines, type Deadlines } from "../deadlines.ts";
import type { Engines, Observe } from "../engines.ts";
import { createShopFeed, type ShopFeed } from "../feed.ts";
import { linkedArchive } from "../linked-archive.ts";
import { place } from "../place.ts";
import { createStreamDelivery, type StreamDelivery } from "../stream-delivery.ts";
import { createTargets } from "../targets.ts";
import { type Keep, usualKeep } from "../upkeep/keep.ts";
import { createEngineConnections, type EngineConnections } from "./engine-calls.ts";
import type { Ground } from "./open-ground.ts";

/** What engines are made of. */
export interface MakeEnginesOptions {
  readonly ground: Pick<Ground, "store" | "clock" | "realClock" | "ids" | "buckets" | "report">;
  readonly blueprint: Pick<Blueprint, "tables" | "deadlines">;
  readonly observe?: Observe | undefined;
  readonly keep?: Keep | undefined;
}

/** Engines, and what is still to be connected before any of them runs. */
export interface MadeEngines {
  readonly engines: Engines;
  readonly connections: EngineConnections;
}

/** What making one engine takes. */
interface Making extends Pick<MakeEnginesOptions, "ground" | "blueprint"> {
  readonly keep: Keep;
  readonly shared: typeof place & Pick<Ground, "store" | "clock" | "ids"> & { readonly onError: Ground["report"] };
  readonly connections: EngineConnections;
  readonly feed: ShopFeed["sources"];
}

const mostBytesPerLogGroup = 64 * 1024 * 1024;

/** Returns the engines unconnected; nothing runs yet. */
export function makeEngines(options: MakeEnginesOptions): MadeEngines {
  const { ground, blueprint, keep = usualKeep, observe = (_, engine) => engine } = options;
  const { store, clock, ids, realClock, report: onError } = ground;
  const shared = { store, clock, ids, onError, ...place };
  const connections = createEngineConnections();
  const feed = createShopFeed();
  const making: Making = { ground, blueprint, keep, shared, connections, feed: feed.sources };
  const evaluator = createEvaluator({ nowMs: clock.nowMs });
  const definitions = createDefinitionChecker({ clock: realClock });
  const engines: Engines = {
    store,
    clock,
    ids,
    logs: observe("logs", makeLogs(making)),
    metrics: observe("metrics", createMetrics(shared)),
    functions: observe("functions", makeFunctions(making)),
    queues: observe("queues", createQueues(shared)),
    streams: makeStreams(making),
    tables: observe("tables", makeTables(making)),
    deadlines: makeDeadlines(making),
    evaluator,
    definitions,
    workflows: observe("workflows", makeWorkflows(making, { evaluator, diagnose: definitions.diagnose, checkTest: definitions.checkTest })),
    bus: observe("bus", makeBus(making)),
    feed,
  };
  return { engines, connections };
}

const retention = (days: number | undefined) => (days === undefined ? {} : { retentionDays: days });

function makeLogs({ shared, keep }: Making): Logs {
  return createLogs({
    ...shared,
    ...retention(keep.logs),
    mostBytesPerGroup: mostBytesPerLogGroup,
    linked: linkedArchive(keep.archive),
  });
}

function makeFunctions({ ground, shared, connections: { functions } }: Making): Functions {
  return createFunctions({ ...shared, clock: ground.realClock, log: (group, line) => functions.calls().log(group, line) });
}

function makeStreams({ shared, blueprint, connections: { streams } }: Making): StreamDelivery {
  const functions: Pick<Functions, "invoke"> = { invoke: async (...call) => streams.calls().functions.invoke(...call) };
  return createStreamDelivery({ ...shared, functions, tables: blueprint.tables });
}

function makeTables({ shared, feed, connections: { tables } }: Making): TablesEngine {
  return createTables({ ...shared, feed: feed.item, onStreamRecords: (...change) => tables.calls().onStreamRecords(...change) });
}

function makeDeadlines({ shared, blueprint, connections }: Making): Deadlines {
  const { calls } = connections.deadlines;
  return createDeadlines({
    ...shared,
    functions: { invoke: async (...call) => calls().functions.invoke(...call) },
    tables: { query: (...call) => calls().tables.query(...call) },
    deadlines: blueprint.deadlines,
  });
}

function makeWorkflows(
  { ground, shared, keep, connections, feed }: Making,
  threads: Pick<Parameters<typeof createWorkflows>[0], "evaluator" | "diagnose" | "checkTest">,
): Workflows {
  const { calls } = connections.workflows;
  return createWorkflows({
    ...shared,
    ...threads,
    feed: feed.history,
    integrations: () => calls().integrations,
    invokeFunction: async (...call) => calls().invokeFunction(...call),
    log: (entry) => calls().log(entry),
    onStatusChange: (tx, change) => calls().onStatusChange(tx, change),
    readItems: createItemReader(ground.buckets),
    writeResults: createResultWriter(ground.buckets),
    retentionDays: keep.executions,
  });
}

function makeBus({ shared, keep, connections, feed }: Making) {
  const { calls } = connections.bus;
  return createEventBus({
    ...shared,
    ...(keep.archive !== undefined && { archiveRetentionDays: keep.archive }),
    feed: { events: feed.event, deliveries: feed.delivery },
    targets: createTargets(calls),
    fewTexts: ["Message"],
    deadLetter: (...letter) => calls().deadLetter(...letter),
    marksReadFromMs: (view) => calls().marksReadFromMs(view),
  });
}
