export type { Clock } from "./clock.ts";
export type { EventEntry, EventEnvelope, Events } from "./events.ts";
export type { FunctionContext, FunctionHandler, QueueRecord, StreamRecord } from "./functions.ts";
export type { Identity, RouteRequest, RouteResponse } from "./http.ts";
export type { Identities, PasswordlessUser, Tokens } from "./identities.ts";
export type { Ids } from "./ids.ts";
export type { JsonObject, JsonValue } from "./json.ts";
export type { MetricDatum, Metrics } from "./metrics.ts";
export type { Settings } from "./settings.ts";
export type { States, SyncResult } from "./states.ts";
export type { DeleteItem, Expressions, Item, PlainValue, PutItem, Query, Tables, TransactItem, UpdateItem } from "./tables.ts";
export type { Tasks } from "./tasks.ts";
export type { Topics } from "./topics.ts";

import type { Clock } from "./clock.ts";
import type { Events } from "./events.ts";
import type { Identities } from "./identities.ts";
import type { Ids } from "./ids.ts";
import type { Metrics } from "./metrics.ts";
import type { Settings } from "./settings.ts";
import type { States } from "./states.ts";
import type { Tables } from "./tables.ts";
import type { Tasks } from "./tasks.ts";
import type { Topics } from "./topics.ts";

/** Everything a service may reach. A platform passes it. */
export interface Ports {
  readonly tables: Tables;
  readonly events: Events;
  readonly states: States;
  readonly tasks: Tasks;
  readonly topics: Topics;
  readonly metrics: Metrics;
  readonly identities: Identities;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly ids: Ids;
}
