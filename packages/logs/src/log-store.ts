/**
 * Log events in the store.
 *
 * G1. What is written together for one stream is one record; its events lie within `longestSpanMs`.
 * G2. Groups and streams come into being with their first event.
 * G3. Records are packed once they have lain for `coldMs`; what is read is the same.
 */
import type { Ids } from "@serverlesspresso/ports";
import { createPacked, type Key, partsOf, type ReadView, type Transaction, type UpkeepStep } from "@serverlesspresso/store";
import { type ChunkLine, lineOf, shortened } from "./line-forms.ts";
import { kinds } from "./record-kinds.ts";

/** A log group as it is stored. */
export interface LogGroup {
  readonly name: string;
  readonly createdMs: number;
  readonly retentionDays?: number;
  readonly tags?: Readonly<Record<string, string>>;
}
/** A log stream as it is stored. */
export interface LogStream {
  readonly group: string;
  readonly name: string;
  readonly createdMs: number;
  /** Its newest event and when it came, a minute old at most. */
  readonly lastEventMs?: number;
  readonly lastIngestionMs?: number;
  /** The number of its first linked event (logs.LE1). */
  readonly since?: number;
}
/** An event as a client puts it. */
export interface LogEvent {
  readonly timestampMs: number;
  readonly message: string;
}
/** An event as it is read back. */
export interface StoredLogEvent extends LogEvent {
  readonly eventId: string;
  readonly stream: string;
  readonly ingestedMs: number;
}
/** The stream, when it was written, and its events. */
export interface Chunk {
  readonly s: string;
  readonly w: number;
  readonly e: readonly ChunkLine[];
}

/** How far apart the events of one record lie at most (G1). */
export const longestSpanMs = 60_000;
const coldMs = 600_000;
/** The records of events. */
export const chunks = createPacked<Chunk>(kinds.events, kinds.blocks, 1);

const groupKey = (name: string): Key => kinds.groups.key(name);
const streamKey = (group: string, name: string): Key => kinds.streams.key(group, name);

/** Returns a group, or undefined. */
export const findGroup = (view: ReadView, name: string): LogGroup | undefined => view.get<LogGroup>(groupKey(name));
/** Returns a stream of a group, or undefined. */
export const findStream = (view: ReadView, group: string, name: string): LogStream | undefined =>
  view.get<LogStream>(streamKey(group, name));
/** Returns every group in the order of their names. */
export const listGroups = (view: ReadView): LogGroup[] => view.scan<LogGroup>(kinds.groups.range()).map(([, group]) => group);
/** Returns a group's streams in the order of their names. */
export const listStreams = (view: ReadView, group: string): LogStream[] =>
  view.scan<LogStream>(kinds.streams.range(group)).map(([, stream]) => stream);
/** Writes a group. */
export const putGroup = (tx: Transaction, group: LogGroup): void => tx.put(groupKey(group.name), group);
/** Writes a stream. */
export const putStream = (tx: Transaction, stream: LogStream): void => tx.put(streamKey(stream.group, stream.name), stream);

/** Writes events of one stream, in the order of their instants. */
export function writeEvents(
  tx: Transaction,
  ids: Pick<Ids, "ulid">,
  group: string,
  stream: string,
  events: readonly LogEvent[],
  nowMs: number,
): void {
  const ordered = events.toSorted((a, b) => a.timestampMs - b.timestampMs);
  for (let from = 0; from < ordered.length; ) {
    const firstMs = (ordered[from] as LogEvent).timestampMs;
    let end = from;
    while (end < ordered.length && (ordered[end] as LogEvent).timestampMs - firstMs < longestSpanMs) end++;
    const e = ordered.slice(from, end).map(({ timestampMs, message }) => [timestampMs - firstMs, message] as const);
    tx.put(kinds.events.key(group, firstMs, ids.ulid()), { s: stream, w: nowMs, e: shortened(e) } satisfies Chunk);
    from = end;
  }
}

const pageOfChunks = 200;
/** What an event costs beside its text, as CloudWatch counts. */
const bytesBesideMessage = 26;

/** Deletes up to `limit` records and blocks that begin before `beforeMs`; true where more are left. */
export function dropBefore(tx: Transaction, group: string, beforeMs: number, limit: number): boolean {
  return chunks.drop(tx, { start: kinds.events.range(group).start, end: kinds.events.key(group, Math.max(0, beforeMs)) }, limit);
}

/** Packs what lies cold in a group, a run at each step (G3). */
export function* packGroup(group: string, nowMs: number): Generator<UpkeepStep> {
  for (let range = kinds.events.range(group), next: Key | undefined = range.start; next !== undefined; ) {
    range = { ...range, start: next };
    yield (tx) => {
      next = chunks.pack(tx, { range, isCold: (_, { w }) => w <= nowMs - coldMs });
    };
  }
}

/**
 * Finds the instant before which a group's records exceed `mostBytes`, newest first, a page at each step.
 * Yields undefined while it does not know yet.
 */
export function* findOverflow(view: ReadView, group: string, mostBytes: number): Generator<number | undefined> {
  let bytes = 0;
  const { start, end: last } = kinds.events.range(group);
  for (let end = last, isMore = true; isMore; ) {
    const page = chunks.scan(view, { start, end }, { limit: pageOfChunks, reverse: true });
    for (const [key, { e }] of page) {
      for (const place of e.keys()) bytes += lineOf(e, place).length + bytesBesideMessage;
      end = key;
      if (bytes > mostBytes) return yield (partsOf(key)[2] as number) + 1;
    }
    isMore = page.length === pageOfChunks;
    yield undefined;
  }
}

/** Deletes a stream with its events. */
export function removeStream(tx: Transaction, group: string, name: string): void {
  tx.delete(streamKey(group, name));
  chunks.remove(tx, kinds.events.range(group), ({ s }) => s === name);
}

/** Deletes a group with its streams and events. */
export function removeGroup(tx: Transaction, name: string): void {
  chunks.remove(tx, kinds.events.range(name));
  for (const [key] of tx.scan(kinds.streams.range(name))) tx.delete(key);
  tx.delete(groupKey(name));
}
