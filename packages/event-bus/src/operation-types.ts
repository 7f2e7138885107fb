import type { Clock, Ids, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Place } from "./envelope.ts";
import type { Replays } from "./replays.ts";
import type { RuleBook } from "./rule-book.ts";
import type { Schedules } from "./schedules.ts";

export interface OperationsOptions extends Place {
  readonly clock: Clock;
  readonly ids: Pick<Ids, "uuid">;
  readonly book: RuleBook;
  readonly schedules: Schedules;
  readonly replays: Replays;
  /** Those that events are delivered to. */
  readonly targetServices: readonly string[];
  readonly ruleArn: (busName: string, name: string) => string;
  readonly putEvents: (tx: Transaction, request: JsonObject) => JsonObject;
}

export type Reading = Readonly<Record<string, (view: ReadView, request: JsonObject) => JsonObject>>;
export type Writing = Readonly<Record<string, (tx: Transaction, request: JsonObject) => JsonObject>>;
