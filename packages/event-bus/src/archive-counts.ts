/**
 * Counts the events of an archive and their bytes.
 *
 * AC1. The first call counts all events, later calls only new ones. Events past their retention leave the count within an hour; AWS takes up to 24.
 */
import { matchesPattern, parsePattern } from "@serverlesspresso/event-patterns";
import type { Clock } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { keptFromMs, readSequence } from "./archive.ts";
import type { Archive, ArchiveCount } from "./archives.ts";
import { envelopeOf, type Place } from "./envelope.ts";

interface Counted extends ArchiveCount {
  /** The archive as JSON text: after a change, or for another archive of that name, the count starts anew. */
  readonly archive: string;
  readonly nextSequence: number;
  readonly sinceMs: number;
}

const hourMs = 3_600_000;
const chunk = 500;

/** Returns the function that counts an archive (AC1). */
export function createArchiveCounts({
  clock,
  startsAtMs,
  ...place
}: Place & { readonly clock: Clock; readonly startsAtMs: (view: ReadView) => number }): (view: ReadView, archive: Archive) => ArchiveCount {
  const known = new Map<string, Counted>();

  function goOn(view: ReadView, archive: Archive, counted: Counted): Counted {
    const pattern = archive.eventPattern === undefined ? undefined : parsePattern(archive.eventPattern);
    const fromMs = Math.max(keptFromMs(archive, clock.nowMs()), startsAtMs(view));
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
