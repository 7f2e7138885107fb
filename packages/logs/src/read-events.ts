/**
 * Reads the events of a group: those of its records, and those that lie elsewhere (`linked-events.ts`), in the order of their instants, except
 * for events written late.
 */
import type { Clock } from "@serverlesspresso/ports";
import { type Key, partsOf, type ReadView } from "@serverlesspresso/store";
import { type EventPlace, parseEventId } from "./event-id.ts";
import { lineOf } from "./line-forms.ts";
import { groupKeptFromMs, type LinkedStore, type LinkedStream, linkedStream } from "./linked-events.ts";
import { type Chunk, chunks, longestSpanMs, type StoredLogEvent } from "./log-store.ts";
import { kinds } from "./record-kinds.ts";
import { redactEvent } from "./redact-event.ts";

/** From `fromMs` on, up to `toMs`, which is no part of it. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}
/** Which events to read, and in which direction. */
export interface Reading {
  /** Newest first. */
  readonly isReverse?: boolean;
  /** The id of the event after which to go on, in the direction of reading. */
  readonly after?: string | undefined;
}
/** An event that was looked at; without one, its place was another group's. */
export interface SeenEvent {
  readonly eventId: string;
  readonly event?: StoredLogEvent;
}
/** Reads events of a group within the window. */
export type ReadEvents = (view: ReadView, group: string, window: Window, reading?: Reading) => Iterable<SeenEvent>;

/** What reading takes. `retentionDays` are those of groups that do not say. */
export interface ReaderOptions {
  readonly clock: Clock;
  readonly retentionDays?: number;
  readonly linked?: LinkedStore;
}

/** What is read at once, and its place: that of a record is its first event's. */
interface Run {
  readonly ms: number;
  readonly events: readonly SeenEvent[];
}
interface Whole extends Window {
  readonly group: string;
  readonly isReverse: boolean;
  readonly after: EventPlace | undefined;
}

const pageOfChunks = 200;

/** Returns the reader of events. */
export function createReader({ clock, retentionDays, linked }: ReaderOptions): ReadEvents {
  return function* (view, group, window, { isReverse = false, after } = {}) {
    const whole: Whole = { ...window, group, isReverse, after: after === undefined ? undefined : parseEventId(after) };
    const stream = linked === undefined ? undefined : linkedStream(view, group);
    const own = ownRuns(view, whole);
    if (linked === undefined || stream === undefined) return yield* eventsOf(own);
    const fromMs = Math.max(window.fromMs, groupKeptFromMs(view, group, retentionDays, clock));
    yield* eventsOf(inTurn(linkedRuns(view, { ...whole, fromMs }, stream, linked), own, isReverse));
  };
}

function* eventsOf(runs: Iterable<Run>): Generator<SeenEvent> {
  for (const { events } of runs) yield* events;
}

function* ownRuns(view: ReadView, { group, fromMs, toMs, isReverse, after }: Whole): Generator<Run> {
  const all = kinds.events.range(group);
  let start = fromMs <= longestSpanMs ? all.start : kinds.events.key(group, Math.floor(fromMs - longestSpanMs));
  let end = Number.isSafeInteger(Math.ceil(toMs)) ? kinds.events.key(group, Math.max(0, Math.ceil(toMs))) : all.end;
  const passedKey = after === undefined ? undefined : passedBy(group, after);
  if (passedKey !== undefined && isReverse) end = `${passedKey}\u0001`;
  else if (passedKey !== undefined) start = passedKey;
  for (;;) {
    const page = chunks.scan(view, { start, end }, { limit: pageOfChunks, reverse: isReverse });
    for (const [key, chunk] of page) {
      const events = ownEvents(key, chunk).filter(({ timestampMs }, index) => {
        if (timestampMs < fromMs || timestampMs >= toMs) return false;
        if (key !== passedKey || after?.kind !== "own") return true;
        return isReverse ? index < after.index : index > after.index;
      });
      const seen = (isReverse ? events.reverse() : events).map((event) => ({ eventId: event.eventId, event }));
      yield { ms: partsOf(key)[2] as number, events: seen };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageOfChunks) return;
    if (isReverse) end = last[0];
    else start = `${last[0]}\u0001`;
  }
}

/** Linked events come before records of their instant. */
function passedBy(group: string, after: EventPlace): Key {
  return after.kind === "own" ? kinds.events.key(group, after.ms, after.serial) : kinds.events.key(group, after.ms);
}

function ownEvents(key: Key, { s, w, e }: Chunk): StoredLogEvent[] {
  const [, , firstMs, serial] = partsOf(key) as [string, string, number, string];
  return e.map(([offsetMs], index) => ({
    eventId: `${firstMs}-${serial}-${index}`,
    stream: s,
    timestampMs: firstMs + offsetMs,
    ingestedMs: w,
    message: lineOf(e, index),
  }));
}

function* linkedRuns(view: ReadView, { after, ...range }: Whole, { name, since }: LinkedStream, linked: LinkedStore): Generator<Run> {
  const { isReverse } = range;
  const passed =
    after?.kind !== "own"
      ? {}
      : isReverse
        ? { toMs: Math.min(range.toMs, after.ms + 1) }
        : { fromMs: Math.max(range.fromMs, after.ms + 1) };
  const afterSequence =
    after?.kind !== "linked" ? (isReverse ? undefined : since - 1) : isReverse ? after.sequence : Math.max(after.sequence, since - 1);
  for (const { sequence, timestampMs, content } of linked.read(view, { ...range, ...passed, afterSequence })) {
    if (sequence < since) return;
    const eventId = `${timestampMs}-${sequence}`;
    const event = content && { eventId, stream: name, timestampMs, ingestedMs: timestampMs, message: redactEvent(content) };
    yield { ms: timestampMs, events: [{ eventId, ...(event && { event }) }] };
  }
}

/** Yields the runs of both in the order of their places. */
function* inTurn(linked: Iterator<Run>, own: Iterator<Run>, isReverse: boolean): Generator<Run> {
  let [first, second] = [linked.next(), own.next()];
  while (first.done !== true || second.done !== true) {
    const isFirst = second.done === true || (first.done !== true && first.value.ms <= second.value.ms !== isReverse);
    if (isFirst && first.done !== true) {
      yield first.value;
      first = linked.next();
    } else if (second.done !== true) {
      yield second.value;
      second = own.next();
    }
  }
}
