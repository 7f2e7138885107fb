/**
 * Events of a group that lie in another store, once, and are read there: what a rule delivers lies in the archive of the bus.
 *
 * LE1. A stream that has such events says from which number on they are its own: those before belonged to a stream of that name that was deleted.
 * LE2. They go with the retention of their group like all others; as long as it lasts, their store keeps them (`linkedFromMs`).
 * LE3. None is linked that the group keeps longer than the other store does for itself: a copy leaves the store its own retention.
 */
import type { Clock, JsonValue } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { findGroup, type LogGroup, type LogStream, listGroups, listStreams } from "./log-store.ts";

/** Which events of the other store to read, and in which direction. */
export interface LinkedRange {
  readonly group: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly afterSequence?: number | undefined;
  readonly isReverse: boolean;
}
/** An event of the other store that was looked at, in the order of sequence and time. */
export interface LinkedEvent {
  readonly sequence: number;
  readonly timestampMs: number;
  /** What it says, where it is of the group. */
  readonly content?: JsonValue;
}
/** The other store. */
export interface LinkedStore {
  /** How many days it keeps events for itself; undefined for ever. */
  readonly keptDays: number | undefined;
  read(view: ReadView, range: LinkedRange): Iterable<LinkedEvent>;
}

const dayMs = 86_400_000;

/** Whether the other store keeps events as long as a group does (LE3). @param usual the days of groups that do not say */
export function isKeptElsewhere(group: LogGroup | undefined, usual: number | undefined, { keptDays }: LinkedStore): boolean {
  return keptDays === undefined || (group?.retentionDays ?? usual ?? Number.POSITIVE_INFINITY) <= keptDays;
}

/** Returns from when on a group keeps its events; 0 where it keeps them for ever. @param usual the days of groups that do not say */
export function keptFromMs({ retentionDays }: Pick<LogGroup, "retentionDays">, usual: number | undefined, clock: Clock): number {
  const days = retentionDays ?? usual;
  return days === undefined ? 0 : clock.nowMs() - days * dayMs;
}

/** A stream with linked events. */
export interface LinkedStream extends LogStream {
  readonly since: number;
}
/** Returns the stream of a group that has linked events; undefined where no stream has. */
export function linkedStream(view: ReadView, group: string): LinkedStream | undefined {
  return listStreams(view, group).find((stream): stream is LinkedStream => stream.since !== undefined);
}

/** Returns from when on linked events are read at all (LE2). */
export function linkedFromMs(view: ReadView, usual: number | undefined, clock: Clock): number {
  const groups = listGroups(view).filter(({ name }) => linkedStream(view, name) !== undefined);
  return Math.min(...groups.map((group) => keptFromMs(group, usual, clock)));
}

/** Returns from when on a group's linked events are read. */
export function groupKeptFromMs(view: ReadView, group: string, usual: number | undefined, clock: Clock): number {
  return keptFromMs(findGroup(view, group) ?? {}, usual, clock);
}
