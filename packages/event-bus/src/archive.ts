/** Reading the archive: every event that was ever put, in the order of the puts. */
import { type EventPattern, matchesPattern } from "@serverlesspresso/event-patterns";
import { partsOf, type ReadView } from "@serverlesspresso/store";
import { type Envelope, envelopeOf, type Place, type StoredEvent, storedEvents } from "./envelope.ts";
import { kinds } from "./record-kinds.ts";

/** Which events, and in which direction. All conditions hold together. */
export interface ListEvents {
  readonly busName?: string;
  /** The first sequence to read; the last one where `isReverse`. */
  readonly fromSequence?: number;
  /** Put at or after, and before. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly pattern?: EventPattern;
  /** Newest first. */
  readonly isReverse?: boolean;
  /** At most so many; default 100. */
  readonly limit?: number;
}

export interface ArchivedEvent {
  readonly sequence: number;
  readonly ingestedMs: number;
  readonly busName: string;
  readonly envelope: Envelope;
}

const defaultLimit = 100;
const chunk = 256;
/** How many events one call looks at; a pattern that hardly ever holds is asked on with `nextSequence`. */
const mostScanned = 5_120;

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

/** Stored events in order of sequence, `from` included. */
export function readSequence(
  view: ReadView,
  { from, isReverse = false, limit }: { readonly from: number | undefined; readonly isReverse?: boolean; readonly limit: number },
): { sequence: number; event: StoredEvent }[] {
  const all = kinds.events.range();
  const range =
    from === undefined ? all : isReverse ? { ...all, end: kinds.events.key(from + 1) } : { ...all, start: kinds.events.key(from) };
  return storedEvents
    .scan(view, range, { reverse: isReverse, limit })
    .map(([key, event]) => ({ sequence: partsOf(key)[1] as number, event }));
}

/** The instant from which an archive keeps its events; 0 days are for ever. */
export function keptFromMs({ retentionDays }: { readonly retentionDays: number }, nowMs: number): number {
  return retentionDays === 0 ? 0 : nowMs - retentionDays * 86_400_000;
}
