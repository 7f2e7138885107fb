import type { EventEnvelope, JsonValue } from "@serverlesspresso/ports";
import { createPacked, type Key, type ReadView } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

/** The envelope a target gets. Replayed events name their replay. */
export type Envelope = EventEnvelope<JsonValue> & { readonly "replay-name"?: string };

/** An event as it is stored, once, under its place in the sequence of all events. */
export interface StoredEvent {
  readonly bus: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The envelope's `time`, as its sender gave it. */
  readonly time: string;
  readonly detail: JsonValue;
  readonly resources?: readonly string[];
  /** When it was put, in ms. */
  readonly atMs: number;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Events under their sequences, alone or in blocks. */
export const storedEvents = createPacked<StoredEvent>(kinds.events, kinds.blocks, 0);
export const eventKey = (sequence: number): Key => kinds.events.key(sequence);

export function readEvent(view: ReadView, sequence: number): StoredEvent | undefined {
  return storedEvents.get(view, eventKey(sequence));
}

/** @param replayName set on events that a replay puts again */
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

/** ISO 8601 to the second, as EventBridge writes it. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
