import type { EventBus } from "@serverlesspresso/event-bus";
import type { Functions } from "@serverlesspresso/functions";
import type { Logs } from "@serverlesspresso/logs";
import type { Metrics } from "@serverlesspresso/metrics";
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { Queues } from "@serverlesspresso/queues";
import type { DefinitionChecker } from "@serverlesspresso/states-language/checker";
import type { Evaluator } from "@serverlesspresso/states-language/evaluator";
import type { Store } from "@serverlesspresso/store";
import type { TablesEngine } from "@serverlesspresso/tables";
import type { Workflows } from "@serverlesspresso/workflow";
import type { Deadlines } from "./deadlines.ts";
import type { ShopFeed } from "./feed.ts";
import type { StreamDelivery } from "./stream-delivery.ts";

/** Every engine, and what all of them stand on. */
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
  /** For operators (`packages/feed`). */
  readonly feed: ShopFeed;
}

/** Stands between whatever calls an engine and the engine: answers what is called in its place. */
export type Observe = <Engine extends object>(name: string, engine: Engine) => Engine;
