import type { Clock, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { MoveTasks } from "./move-tasks.ts";
import type { QueueVerbs } from "./queue-verbs.ts";

export interface OperationsOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  readonly verbs: QueueVerbs;
  readonly moves: MoveTasks;
}

export type Reading = Readonly<Record<string, (view: ReadView, request: JsonObject) => JsonObject>>;
export type Writing = Readonly<Record<string, (tx: Transaction, request: JsonObject) => JsonObject>>;
