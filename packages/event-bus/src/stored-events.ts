/** The records of events: by sequence, each alone or in a block. */
import { createPacked, type Key, type ReadView } from "@serverlesspresso/store";
import type { StoredEvent } from "./envelope.ts";
import { decodeEvent, type EventRecord } from "./event-shapes.ts";
import { kinds } from "./record-kinds.ts";

/** The records by their keys. */
export const eventRecords = createPacked<EventRecord>(kinds.events, kinds.blocks, 0);
/** Returns the key of the record of an event. */
export const eventKey = (sequence: number): Key => kinds.events.key(sequence);

/** Returns an event by its sequence; undefined if it has left the archive. */
export function readEvent(view: ReadView, sequence: number): StoredEvent | undefined {
  const record = eventRecords.get(view, eventKey(sequence));
  return record && decodeEvent(view, record);
}
