/**
 * The history of an execution: appended, compact, complete. One put holds all events of one transaction.
 *
 * H1. What is read is what was appended: `unpack(pack(events))` gives `events`.
 * H2. What several events share is written once.
 * H3. Histories of executions that have ended are packed, many in a block (`upkeep.ts`); they are read as before.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { HistoryEvent } from "@serverlesspresso/states-language";
import { createPacked, partsOf, type ReadView, type Transaction } from "@serverlesspresso/store";
import { eventTypes } from "./event-types.ts";
import { type ExecutionId, keys } from "./keys.ts";
import { kinds } from "./record-kinds.ts";
import type { RunningHead } from "./records.ts";

/** Values, tasks' resources, the first event's instant, the events in order of id; the first id stands in the key. */
type Packed = readonly [
  values: readonly JsonValue[],
  resources: readonly (readonly [resourceType: JsonValue, resource: JsonValue])[],
  timestampMs: number,
  events: readonly PackedEvent[],
];
/** The type's place in `eventTypes` (or its name), the details, how many ids back the previous event lies, how much later than the first it happened. */
type PackedEvent = readonly [type: number | string, details?: JsonObject | 0, back?: number, laterMs?: number];

const places: ReadonlyMap<string, number> = new Map(eventTypes.map((type, place) => [type, place]));
const pageOfPuts = 50;
/** Puts of a machine's executions, alone or in blocks. */
export const histories = createPacked<Packed>(kinds.histories, kinds.blocks, 1);

/** Appends the events to the execution's history, within the transaction. */
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
  // A put holds an event at least: for the first one alone, the other puts, large ones perhaps, are not read.
  const puts = Math.max(1, Math.min(pageOfPuts, limit));
  for (;;) {
    const page = histories.scan(view, range, { limit: puts, reverse });
    for (const [key, packed] of page) {
      const events = unpack(partsOf(key)[3] as number, packed);
      for (const event of reverse ? events.reverse() : events) {
        if (found.length >= limit) return found;
        if (isDue(event)) found.push(event);
      }
    }
    const last = page.at(-1)?.[0];
    if (page.length < puts || found.length >= limit || last === undefined) return found;
    range = reverse ? { ...range, end: last } : { ...range, start: `${last}\u0000` };
  }
}

/** The newest event, or undefined before the first. */
export function lastEvent(view: ReadView, id: ExecutionId): HistoryEvent | undefined {
  return readHistory(view, id, { limit: 1, reverse: true })[0];
}

function putHolding(view: ReadView, id: ExecutionId, eventId: number): string {
  const range = keys.historyOf(id);
  const [entry] = histories.scan(view, { ...range, end: `${keys.history(id, eventId)}\u0000` }, { limit: 1, reverse: true });
  return entry === undefined ? range.start : keys.history(id, partsOf(entry[0])[3] as number);
}

/** Events whose ids follow one another. */
export function pack(events: readonly HistoryEvent[]): Packed {
  const values: JsonValue[] = [];
  const resources: [JsonValue, JsonValue][] = [];
  const firstMs = events[0]?.timestampMs ?? 0;
  const packed = events.map(({ id, previousEventId, timestampMs, type, details }): PackedEvent => {
    const event: [number | string, (JsonObject | 0)?, number?, number?] = [places.get(type) ?? type];
    const [back, laterMs] = [id - previousEventId, timestampMs - firstMs];
    if (details !== undefined) event.push(packDetails(details, values, resources));
    if (back !== 1 || laterMs !== 0) event.push(...(details === undefined ? ([0] as const) : []), back, laterMs);
    return event;
  });
  return [values, resources, firstMs, packed];
}

/** Members that hold JSON values; in a pack they hold the value's place. */
const valueMembers: ReadonlySet<string> = new Set(["input", "output", "parameters", "assignedVariables", "taskCredentials"]);

function packDetails(details: JsonObject, values: JsonValue[], resources: [JsonValue, JsonValue][]): JsonObject {
  const short: Record<string, JsonValue> = {};
  const { resourceType, resource } = details;
  if (resourceType !== undefined && resource !== undefined) {
    let place = resources.findIndex(([type, name]) => type === resourceType && name === resource);
    if (place < 0) place = resources.push([resourceType, resource]) - 1;
    short[""] = place;
  }
  for (const name in details) {
    if (valueMembers.has(name)) short[name] = placeOf(details[name] as JsonValue, values);
    else if (short[""] === undefined || (name !== "resourceType" && name !== "resource")) short[name] = details[name] as JsonValue;
  }
  return short;
}

/** The same object is written once: a state's output is the next one's input. */
function placeOf(value: JsonValue, values: JsonValue[]): number {
  const place = values.lastIndexOf(value);
  return place < 0 ? values.push(value) - 1 : place;
}

/**
 * Returns the events as they were before `pack`.
 * @param firstId id of the first event; the others count up from it
 */
export function unpack(firstId: number, [values, resources, firstMs, events]: Packed): HistoryEvent[] {
  return events.map(([type, details = 0, back = 1, laterMs = 0], i) => ({
    id: firstId + i,
    previousEventId: firstId + i - back,
    timestampMs: firstMs + laterMs,
    type: typeof type === "number" ? (eventTypes[type] as string) : type,
    ...(details !== 0 && { details: unpackDetails(details, values, resources) }),
  }));
}

function unpackDetails(short: JsonObject, values: readonly JsonValue[], resources: Packed[1]): JsonObject {
  const details: Record<string, JsonValue> = {};
  const [resourceType, resource] = resources[short[""] as number] ?? [];
  if (resourceType !== undefined && resource !== undefined) Object.assign(details, { resourceType, resource });
  for (const name in short) {
    if (name !== "") details[name] = valueMembers.has(name) ? (values[short[name] as number] as JsonValue) : (short[name] as JsonValue);
  }
  return details;
}

/** The input an execution was given: in its first event, or still in its inbox. */
export function inputOf(view: ReadView, id: ExecutionId, running?: Pick<RunningHead, "inbox">): JsonValue {
  const [first] = running?.inbox ?? [];
  if (first?.kind === "start") return first.input;
  return readHistory(view, id, { limit: 1 })[0]?.details?.input ?? {};
}
