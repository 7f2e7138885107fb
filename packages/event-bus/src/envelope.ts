import type { EventEnvelope, JsonValue } from "@serverlesspresso/ports";

/**
 * The event as a target receives it. Replayed events name their replay.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
export type Envelope = EventEnvelope<JsonValue> & { readonly "replay-name"?: string };

/** An event in the archive, where it stands once, under its sequence number among all events (`stored-events.ts`). */
export interface StoredEvent {
  readonly bus: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The envelope's `time`, from the sender or else the time of the put. */
  readonly time: string;
  readonly detail: JsonValue;
  readonly resources?: readonly string[];
  /** When it was put, in milliseconds since the epoch. */
  readonly atMs: number;
  /** The targets that read it in the archive (`marked-events.ts`). */
  readonly marks?: readonly string[];
}

/** The account and the region, as ARNs and envelopes have them. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Returns the envelope of a stored event. @param replayName the replay that puts it again, if any */
export function envelopeOf(event: StoredEvent, { account, region }: Place, replayName?: string): Envelope {
  return {
    version: "0",
    id: event.id,
    "detail-type": event.type,
    source: event.source,
    account,
    time: event.time,
    region,
    resources: event.resources ?? [],
    detail: event.detail,
    ...(replayName !== undefined && { "replay-name": replayName }),
  };
}

/** Returns a time in milliseconds since the epoch as ISO 8601 with seconds, as EventBridge does. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
