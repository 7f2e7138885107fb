import { operationsOn } from "@serverlesspresso/aws-service";
import type { Clock, Ids, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Archive, ArchiveCount } from "./archives.ts";
import type { Place } from "./envelope.ts";
import type { Replays } from "./replays.ts";
import type { RuleBook } from "./rule-book.ts";
import type { Schedules } from "./schedules.ts";

/** The state and the functions that the operations use. */
export interface BusEngine extends Place {
  readonly clock: Clock;
  readonly ids: Pick<Ids, "uuid">;
  readonly book: RuleBook;
  readonly schedules: Schedules;
  readonly replays: Replays;
  readonly countArchive: (view: ReadView, archive: Archive) => ArchiveCount;
  /** The services to whose targets events are delivered. */
  readonly targetServices: readonly string[];
  readonly ruleArn: (busName: string, name: string) => string;
  readonly putEvents: (tx: Transaction, request: JsonObject) => JsonObject;
}

/** The functions that define operations on this engine. */
export const { list, read, write } = operationsOn<BusEngine>();
