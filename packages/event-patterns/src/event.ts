import type { JsonValue } from "./json.ts";

/**
 * An event as a target gets it, in EventBridge's own spelling.
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
export interface EventEnvelope {
  readonly version: string;
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: JsonValue;
  readonly "replay-name"?: string;
}

/** What a pattern is held against: an envelope, or any JSON. Only an object meets a pattern. */
export type Event = JsonValue | EventEnvelope;
