/**
 * How many events an archive holds, and how many bytes.
 *
 * AC1. All are counted once, later only those that came since. What fell out of retention is noticed within an hour; AWS takes up to 24.
 */
import { matchesPattern, parsePattern } from "@serverlesspresso/event-patterns";
import type { Clock } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { keptFromMs, readSequence } from "./archive.ts";
import type { Archive, ArchiveCount } from "./archives.ts";
import { envelopeOf, type Place } from "./envelope.ts";

interface Counted extends ArchiveCount {
  /** What was counted: another archive of the name, or another pattern, is counted anew. */
  readonly archive: string;
  readonly nextSequence: number;
  readonly sinceMs: number;
}

const hourMs = 3_600_000;
const chunk = 500;

export function createArchiveCounts({
  clock,
  ...place
}: Place & { readonly clock: Clock }): (view: ReadView, archive: Archive) => ArchiveCount {
  const known = new Map<string, Counted>();

  function goOn(view: ReadView, archive: Archive, counted: Counted): Counted {
    const pattern = archive.eventPattern === undefined ? undefined : parsePattern(archive.eventPattern);
    const fromMs = keptFromMs(archive, clock.nowMs());
    let { events, bytes, nextSequence } = counted;
    for (;;) {
      const found = readSequence(view, { from: nextSequence, limit: chunk });
      for (const { event } of found) {
        if (event.bus !== archive.busName || event.atMs < fromMs) continue;
        const envelope = envelopeOf(event, place);
        if (pattern !== undefined && !matchesPattern(pattern, envelope)) continue;
        events++;
        bytes += Buffer.byteLength(JSON.stringify(envelope));
      }
      nextSequence = (found.at(-1)?.sequence ?? nextSequence - 1) + 1;
      if (found.length < chunk) return { ...counted, events, bytes, nextSequence };
    }
  }

  return (view, archive) => {
    const text = JSON.stringify(archive);
    const nowMs = clock.nowMs();
    const before = known.get(archive.name);
    const isFresh = before?.archive === text && nowMs < before.sinceMs + hourMs;
    const counted = goOn(view, archive, isFresh ? before : { archive: text, events: 0, bytes: 0, nextSequence: 0, sinceMs: nowMs });
    known.set(archive.name, counted);
    return counted;
  };
}
