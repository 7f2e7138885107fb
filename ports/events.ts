import type { JsonObject } from "./json.ts";

/** One entry of `putEvents`. `detail` goes out as JSON. */
export interface EventEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: JsonObject;
  readonly resources?: readonly string[];
}
/** The envelope in which an event reaches a target, in EventBridge's own spelling. */
export interface EventEnvelope<Detail = JsonObject> {
  readonly version: string;
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Detail;
}
/** EventBridge's verbs, on the blueprint's own bus. Resolves when every entry is durable; rejects if any was refused. */
export interface Events {
  putEvents(entries: readonly EventEntry[]): Promise<{ readonly eventIds: readonly string[] }>;
}
