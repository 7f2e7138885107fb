/**
 * Events as they are stored: what many have in common stands once, in a shape; a record has its shape's number and the rest.
 *
 * ES1. What is read is what was written: `decodeEvent` of what `encode` gives is the event.
 * ES2. A shape is stored in the transaction of its first event, and stays.
 * ES3. There are at most `mostShapes`, each of at most `mostCharacters`: an event beyond them is stored as it is, as earlier releases stored all.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { longUuid, partsOf, type ReadView, type Store, shortUuid, type Transaction } from "@serverlesspresso/store";
import { isoSeconds, type StoredEvent } from "./envelope.ts";
import { kinds } from "./record-kinds.ts";

/** The number of a shape, when the event was put, and its values in the order of the shape's holes; or the event itself. */
export type EventRecord = StoredEvent | readonly [shape: number, atMs: number, ...values: readonly JsonValue[]];

/** Writes events. */
export type EncodeEvent = (tx: Transaction, event: StoredEvent) => EventRecord;

/** In place of a value, of an event's `atMs`, and of a `time` that is that of `atMs`. */
const [hole, instant, timeOfInstant] = [0, 1, 2];
type Shape = number | string | readonly string[] | { readonly [member: string]: Shape };

const mostShapes = 1_000;
const mostCharacters = 2_000;
const longestText = 200;

/** Returns when a stored event was put. */
export function atMsOf(record: EventRecord): number {
  return isShaped(record) ? record[1] : record.atMs;
}

function isShaped(record: EventRecord): record is Exclude<EventRecord, StoredEvent> {
  return Array.isArray(record);
}

/** Returns what writes events. @param fewTexts names of members whose texts are few: their texts are part of shapes */
export function createEventEncoder(store: Store, fewTexts: readonly string[]): EncodeEvent {
  const constants: ReadonlySet<string> = new Set(fewTexts);
  const stored = store.scan<Shape>(kinds.shapes.range()).map(([key, shape]) => [JSON.stringify(shape), partsOf(key)[1] as number] as const);
  const known = new Map(stored);
  let next = (stored.at(-1)?.[1] ?? 0) + 1;

  function shapeOf(value: JsonValue, name: string, values: JsonValue[]): Shape {
    if (typeof value === "string" && constants.has(name) && value.length <= longestText) return value;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member, key, values)]));
    }
    values.push(packed(value));
    return hole;
  }

  /** Returns the number of a shape; undefined where it is one too many (ES3). */
  function numberOf(tx: Transaction, shape: Shape): number | undefined {
    const text = JSON.stringify(shape);
    const found = known.get(text);
    if (found !== undefined || next > mostShapes || text.length > mostCharacters) return found;
    const number = next++;
    tx.put(kinds.shapes.key(number), shape);
    known.set(text, number);
    tx.onUndo(() => known.delete(text));
    return number;
  }

  return (tx, event) => {
    const { bus, source, type, time, atMs, marks, id, detail, ...others } = event;
    const values: JsonValue[] = [packed(id)];
    const common = { bus, id: hole, source, type, time: time === isoSeconds(atMs) ? timeOfInstant : hole };
    if (common.time === hole) values.push(time);
    const shape: Shape = {
      ...common,
      detail: shapeOf(detail, "", values),
      ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name, shapeOf(value as JsonValue, name, values)])),
      atMs: instant,
      ...(marks !== undefined && { marks }),
    };
    const number = numberOf(tx, shape);
    return number === undefined ? event : [number, atMs, ...values];
  };
}

/** Shapes by their numbers, as far as they were read through a view; they never change (ES2). */
const shapesOf = new WeakMap<ReadView, Map<number, Shape>>();

/** Returns the event that a record holds. */
export function decodeEvent(view: ReadView, record: EventRecord): StoredEvent {
  if (!isShaped(record)) return record;
  const [number, atMs, ...values] = record;
  let at = 0;
  const valueIn = (shape: Shape): JsonValue => {
    if (shape === instant) return atMs;
    if (shape === timeOfInstant) return isoSeconds(atMs);
    if (typeof shape === "number") return unpacked(values[at++] as JsonValue);
    if (typeof shape !== "object" || Array.isArray(shape)) return shape as JsonValue;
    return Object.fromEntries(Object.entries(shape).map(([name, member]) => [name, valueIn(member)]));
  };
  return valueIn(readShape(view, number)) as unknown as StoredEvent;
}

function readShape(view: ReadView, number: number): Shape {
  let shapes = shapesOf.get(view);
  if (shapes === undefined) shapesOf.set(view, (shapes = new Map()));
  const shape = shapes.get(number) ?? view.get<Shape>(kinds.shapes.key(number));
  if (shape === undefined) throw new Error(`events have shape ${number}, which is not in the store`);
  shapes.set(number, shape);
  return shape;
}

/** A UUID becomes `["22 letters"]`, a list `[0, list]`: no other value is a list. */
function packed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return [0, value];
  const short = typeof value === "string" ? shortUuid(value) : undefined;
  return short === undefined ? value : [short];
}

function unpacked(value: JsonValue): JsonValue {
  if (!Array.isArray(value)) return value;
  return value.length === 2 ? (value[1] as JsonValue) : longUuid(value[0] as string);
}
