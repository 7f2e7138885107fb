import { operationsOn } from "@serverlesspresso/aws-service";
import type { Clock } from "@serverlesspresso/ports";
import type { LongPoll } from "./long-polling.ts";
import type { MoveTasks } from "./move-tasks.ts";
import type { QueueVerbs } from "./queue-verbs.ts";

/** What the operations work on. */
export interface QueuesEngine {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** What queue URLs begin with. */
  readonly endpoint: string;
  readonly verbs: QueueVerbs;
  readonly moves: MoveTasks;
  readonly longPoll: LongPoll;
}

/** The verbs that make operations. */
export const { list, read, write } = operationsOn<QueuesEngine>();

/** The ARN of a queue of this name. */
export function arnOf({ region, account }: QueuesEngine, name: string): string {
  return `arn:aws:sqs:${region}:${account}:${name}`;
}
