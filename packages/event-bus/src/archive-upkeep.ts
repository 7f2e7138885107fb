/**
 * Drops events past their retention and packs events older than ten minutes into blocks, once an hour and soon after a start.
 *
 * Z1. The newest event always stays: the next sequence number follows from it.
 * Z2. A dead delivery is dropped when its event is past its retention: without the event it cannot be sent again.
 * Z3. What a target still reads by its mark stays for it (ME2). For all others it is gone with its retention (`keptFromMs`).
 */
import type { Clock } from "@serverlesspresso/ports";
import { createUpkeep, type Key, type ReadView, type Store, type Transaction, type Upkeep, type UpkeepStep } from "@serverlesspresso/store";
import { readSequence } from "./archive.ts";
import { atMsOf } from "./event-shapes.ts";
import { kinds } from "./record-kinds.ts";
import { eventKey, eventRecords } from "./stored-events.ts";

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const coldMs = 600_000;
const sweptAtOnce = 500;

/** What the upkeep works on. */
export interface ArchiveUpkeepOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** By default events stay for ever. */
  readonly archiveRetentionDays?: number;
  /** Returns from when on targets read events by their marks; by default no target does. */
  readonly marksReadFromMs?: (view: ReadView) => number;
  readonly onError: (error: unknown, what: string) => void;
}

/** Creates the upkeep. */
export function createArchiveUpkeep(options: ArchiveUpkeepOptions): Upkeep {
  const { store, clock, archiveRetentionDays, marksReadFromMs = () => Number.POSITIVE_INFINITY } = options;

  function* steps(): Generator<UpkeepStep> {
    const nowMs = clock.nowMs();
    if (archiveRetentionDays !== undefined) yield* drop(nowMs - archiveRetentionDays * dayMs);
    yield* pack(nowMs);
  }

  function* pack(nowMs: number): Generator<UpkeepStep> {
    for (let range = kinds.events.range(), next: Key | undefined = range.start; next !== undefined; ) {
      range = { ...range, start: next };
      yield (tx) => {
        next = eventRecords.pack(tx, { range, isCold: (_, record) => atMsOf(record) <= nowMs - coldMs });
      };
    }
  }

  function* drop(beforeMs: number): Generator<UpkeepStep> {
    const first = firstKept(Math.min(beforeMs, marksReadFromMs(store)));
    if (first === undefined) return;
    const events = { start: kinds.events.range().start, end: eventKey(first) };
    for (let isMore = true; isMore; ) yield (tx) => void (isMore = eventRecords.drop(tx, events, sweptAtOnce));
    const firstInArchive = firstKept(beforeMs);
    if (firstInArchive !== undefined) yield (tx) => dropDead(tx, firstInArchive);
  }

  function dropDead(tx: Transaction, first: number): void {
    const { start } = kinds.dead.range();
    for (const [key] of tx.scan({ start, end: kinds.dead.key(first) }, { limit: sweptAtOnce })) tx.delete(key);
  }

  /** Returns the first sequence whose event stays; undefined if the archive is empty. */
  function firstKept(beforeMs: number): number | undefined {
    const newest = readSequence(store, { from: undefined, isReverse: true, limit: 1 })[0]?.sequence;
    let from: number | undefined;
    for (;;) {
      const found = readSequence(store, { from, limit: sweptAtOnce });
      const kept = found.find(({ event, sequence }) => event.atMs >= beforeMs || sequence === newest);
      if (kept !== undefined || found.length < sweptAtOnce) return kept?.sequence;
      from = (found.at(-1)?.sequence ?? 0) + 1;
    }
  }

  return createUpkeep({ ...options, everyMs: hourMs, steps, what: "upkeep of the archive of events" });
}
