import { operationsOn } from "@serverlesspresso/aws-service";
import type { Clock } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { LogEvent } from "./log-store.ts";
import type { ReadEvents } from "./read-events.ts";

/** What the operations work on. */
export interface LogsEngine {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly putLogEvents: (tx: Transaction, group: string, stream: string, events: readonly LogEvent[]) => void;
  readonly readEvents: ReadEvents;
  /** Something was deleted or is kept otherwise: what was known may be so no more. */
  readonly forget: (tx: Transaction) => void;
}

/** The verbs that make operations. */
export const { list, read, write } = operationsOn<LogsEngine>();
