/**
 * The history of an execution: appended, compact, complete. One put holds all events of one transaction.
 *
 * Values that several events share (a state's output is the next one's input) are written once.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { HistoryEvent } from "@serverlesspresso/states-language";
import { partsOf, type ReadView, type Transaction } from "@serverlesspresso/store";
import { type ExecutionId, keys } from "./keys.ts";

/** Shared values, then each event: `[id, previousEventId, timestampMs, type, details]`, where `{"": n}` stands for the n-th value. */
type Packed = readonly [values: readonly JsonValue[], events: readonly PackedEvent[]];
type PackedEvent = readonly [id: number, previous: number, timestampMs: number, type: string, details?: JsonObject];

const pageOfPuts = 50;

export function appendHistory(tx: Transaction, id: ExecutionId, events: readonly HistoryEvent[]): void {
  const [first] = events;
  if (first !== undefined) tx.put(keys.history(id, first.id), pack(events));
}

/** Events in order of id, or the latest first, from `after` (exclusive) on, `limit` at most. */
export function readHistory(
  view: ReadView,
  id: ExecutionId,
  { after, limit, reverse = false }: { readonly after?: number; readonly limit: number; readonly reverse?: boolean },
): HistoryEvent[] {
  const found: HistoryEvent[] = [];
  const isDue = (event: HistoryEvent): boolean => after === undefined || (reverse ? event.id < after : event.id > after);
  let range = keys.historyOf(id);
  // A put holds several events, so the one that `after` lies in has to be read too.
  if (after !== undefined && !reverse) range = { ...range, start: putHolding(view, id, after) };
  if (after !== undefined && reverse) range = { ...range, end: keys.history(id, after) };
  for (;;) {
    const page = view.scan<Packed>(range, { limit: pageOfPuts, reverse });
    for (const [, packed] of page) {
      const events = unpack(packed);
      for (const event of reverse ? events.reverse() : events) {
        if (found.length >= limit) return found;
        if (isDue(event)) found.push(event);
      }
    }
    const last = page.at(-1)?.[0];
    if (page.length < pageOfPuts || last === undefined) return found;
    range = reverse ? { ...range, end: last } : { ...range, start: `${last}\u0000` };
  }
}

/** The newest event, or undefined before the first. */
export function lastEvent(view: ReadView, id: ExecutionId): HistoryEvent | undefined {
  return readHistory(view, id, { limit: 1, reverse: true })[0];
}

function putHolding(view: ReadView, id: ExecutionId, eventId: number): string {
  const range = keys.historyOf(id);
  const [entry] = view.scan<Packed>({ ...range, end: `${keys.history(id, eventId)}\u0000` }, { limit: 1, reverse: true });
  return entry === undefined ? range.start : keys.history(id, partsOf(entry[0])[3] as number);
}

export function pack(events: readonly HistoryEvent[]): Packed {
  const uses = new Map<JsonValue, number>();
  for (const { details } of events) {
    for (const name in details) {
      const value = details[name] as JsonValue;
      if (isShareable(value)) uses.set(value, (uses.get(value) ?? 0) + 1);
    }
  }
  const values: JsonValue[] = [];
  const indexes = new Map<JsonValue, JsonObject>();
  const refer = (value: JsonValue): JsonValue => {
    if (!isShareable(value)) return value;
    if ((uses.get(value) ?? 0) < 2 && !("" in value)) return value;
    let reference = indexes.get(value);
    if (reference === undefined) {
      reference = { "": values.length };
      values.push(value);
      indexes.set(value, reference);
    }
    return reference;
  };
  const packed = events.map(({ id, previousEventId, timestampMs, type, details }): PackedEvent => {
    if (details === undefined) return [id, previousEventId, timestampMs, type];
    const short: Record<string, JsonValue> = {};
    for (const name in details) short[name] = refer(details[name] as JsonValue);
    return [id, previousEventId, timestampMs, type, short];
  });
  return [values, packed];
}

export function unpack([values, events]: Packed): HistoryEvent[] {
  const resolve = (value: JsonValue): JsonValue => (isReference(value) ? (values[value[""]] as JsonValue) : value);
  return events.map(([id, previousEventId, timestampMs, type, details]) => ({
    id,
    previousEventId,
    timestampMs,
    type,
    ...(details && { details: Object.fromEntries(Object.entries(details).map(([name, value]) => [name, resolve(value)])) }),
  }));
}

function isShareable(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null;
}

function isReference(value: JsonValue): value is { readonly "": number } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "" in value;
}
