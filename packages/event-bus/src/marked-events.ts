/**
 * Events that a target reads in the archive, in place of a copy of its own: each says in its record for whom it is.
 *
 * ME1. An event is marked in the transaction that puts it, for a target that receives it whole; what is sent again or replayed, or otherwise than
 *      whole, is delivered.
 * ME2. Marked events stay as long as their targets read them, also past the retention of the archive (`archive-upkeep.ts`).
 */
import type { JsonValue } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { readSequence } from "./archive.ts";
import { envelopeOf, type Place } from "./envelope.ts";

/** Where to read: from `fromMs` on, before `toMs`, going on after an event that was seen. */
export interface MarkedRange {
  readonly mark: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly afterSequence?: number | undefined;
  readonly isReverse: boolean;
}
/** An event that was looked at. */
export interface LookedAt {
  readonly sequence: number;
  readonly atMs: number;
  /** The envelope, where the event has the mark. */
  readonly envelope?: JsonValue;
}

const chunk = 256;

/** Yields every event in the range as it is looked at, those with the mark in full. */
export function* readMarked(
  view: ReadView,
  place: Place,
  { mark, fromMs, toMs, afterSequence, isReverse }: MarkedRange,
): Generator<LookedAt> {
  const first = isReverse ? endAt(view, toMs) - 1 : endAt(view, fromMs);
  let from = afterSequence === undefined ? first : isReverse ? Math.min(first, afterSequence - 1) : Math.max(first, afterSequence + 1);
  while (from > 0) {
    const found = readSequence(view, { from, isReverse, limit: chunk });
    for (const { sequence, event } of found) {
      if (isReverse ? event.atMs < fromMs : event.atMs >= toMs) return;
      from = isReverse ? sequence - 1 : sequence + 1;
      const isMeant = event.marks?.includes(mark) === true;
      yield { sequence, atMs: event.atMs, ...(isMeant && { envelope: { ...envelopeOf(event, place) } as unknown as JsonValue }) };
    }
    if (found.length < chunk) return;
  }
}

/** Returns a sequence before which all events were put before `ms`, and no others: instants never go back along the sequence. */
function endAt(view: ReadView, ms: number): number {
  const [oldest] = readSequence(view, { from: undefined, limit: 1 });
  const [newest] = readSequence(view, { from: undefined, isReverse: true, limit: 1 });
  if (oldest === undefined || newest === undefined) return 1;
  if (newest.event.atMs < ms) return newest.sequence + 1;
  let [low, high] = [oldest.sequence, newest.sequence];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [found] = readSequence(view, { from: middle, limit: 1 });
    if (found === undefined || found.event.atMs >= ms) high = middle;
    else low = found.sequence + 1;
  }
  return low;
}
