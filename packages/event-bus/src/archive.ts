/** Reads the archive: every event that was put, in the order of the puts. */
import { type EventPattern, matchesPattern } from "@serverlesspresso/event-patterns";
import type { Clock } from "@serverlesspresso/ports";
import { partsOf, type ReadView } from "@serverlesspresso/store";
import { type Envelope, envelopeOf, type Place, type StoredEvent } from "./envelope.ts";
import { decodeEvent } from "./event-shapes.ts";
import { kinds } from "./record-kinds.ts";
import { eventRecords } from "./stored-events.ts";

/** Which events to list, and in which direction. An event must meet all conditions. */
export interface ListEvents {
  readonly busName?: string;
  /** The sequence to begin with; with `isReverse` the events before it follow. */
  readonly fromSequence?: number;
  /** Events put at or after `fromMs` and before `toMs`, in milliseconds since the epoch. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly pattern?: EventPattern;
  /** Newest first. */
  readonly isReverse?: boolean;
  /** The most events to return; by default 100. */
  readonly limit?: number;
}

/** An event of the archive. `ingestedMs` is when it was put, in milliseconds since the epoch. */
export interface ArchivedEvent {
  readonly sequence: number;
  readonly ingestedMs: number;
  readonly busName: string;
  readonly envelope: Envelope;
}

const defaultLimit = 100;
const chunk = 256;
/** How many events one call reads. If few match, the caller continues with `nextSequence`. */
const mostScanned = 5_120;

/** Returns the matching events, and `nextSequence` if there may be more: the `fromSequence` of the next call. */
export function listEvents(view: ReadView, place: Place, request: ListEvents) {
  const { isReverse = false, limit = defaultLimit } = request;
  const events: ArchivedEvent[] = [];
  let from = request.fromSequence;
  for (let scanned = 0; scanned < mostScanned; scanned += chunk) {
    const found = readSequence(view, { from, isReverse, limit: chunk });
    for (const { sequence, event } of found) {
      if (events.length >= limit) return { events, nextSequence: sequence };
      from = isReverse ? sequence - 1 : sequence + 1;
      if (!isReverse && request.toMs !== undefined && event.atMs >= request.toMs) return { events };
      if (isReverse && request.fromMs !== undefined && event.atMs < request.fromMs) return { events };
      if (meets(event, place, request)) events.push(archived(sequence, event, place));
    }
    if (found.length < chunk || from === 0) return { events };
  }
  return { events, ...(from !== undefined && { nextSequence: from }) };
}

function archived(sequence: number, event: StoredEvent, place: Place): ArchivedEvent {
  return { sequence, ingestedMs: event.atMs, busName: event.bus, envelope: envelopeOf(event, place) };
}

function meets(event: StoredEvent, place: Place, { busName, fromMs, toMs, pattern }: ListEvents): boolean {
  if (busName !== undefined && event.bus !== busName) return false;
  if (fromMs !== undefined && event.atMs < fromMs) return false;
  if (toMs !== undefined && event.atMs >= toMs) return false;
  return pattern === undefined || matchesPattern(pattern, envelopeOf(event, place));
}

/** Returns stored events in order of sequence, the event `from` included. */
export function readSequence(
  view: ReadView,
  { from, isReverse = false, limit }: { readonly from: number | undefined; readonly isReverse?: boolean; readonly limit: number },
): { sequence: number; event: StoredEvent }[] {
  const all = kinds.events.range();
  const range =
    from === undefined ? all : isReverse ? { ...all, end: kinds.events.key(from + 1) } : { ...all, start: kinds.events.key(from) };
  return eventRecords
    .scan(view, range, { reverse: isReverse, limit })
    .map(([key, record]) => ({ sequence: partsOf(key)[1] as number, event: decodeEvent(view, record) }));
}

/** Returns a function that returns from when on all archives keep events: older ones may lie there for targets that read them (Z3). */
export function archiveStart(clock: Pick<Clock, "nowMs">, retentionDays: number | undefined): (view: ReadView) => number {
  return (view) => {
    if (retentionDays === undefined) return 0;
    const [newest] = readSequence(view, { from: undefined, isReverse: true, limit: 1 });
    return Math.min(keptFromMs({ retentionDays }, clock.nowMs()), newest?.event.atMs ?? 0);
  };
}

/** Returns the time from which an archive keeps its events, in milliseconds since the epoch. 0 days mean for ever. */
export function keptFromMs({ retentionDays }: { readonly retentionDays: number }, nowMs: number): number {
  return retentionDays === 0 ? 0 : nowMs - retentionDays * 86_400_000;
}
