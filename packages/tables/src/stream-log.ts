/**
 * What callers may read of tables' streams.
 *
 * L1. A stream's records are kept for 24 hours while a client means to read it: from the call that made the table with its stream, or the first
 *     call that names the stream, until 24 hours after the last one. A stream that no client reads costs nothing.
 * L2. Records that are gone are never passed over in silence: what begins before them is refused as trimmed.
 */
import type { Clock } from "@serverlesspresso/ports";
import { type Key, partsOf, type ReadView, type Transaction } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { TableStreamRecord } from "./writer.ts";

/** The records of the streams that clients read. */
export interface StreamLog {
  /** Keeps the record if a client reads the stream. */
  add(tx: Transaction, table: TableDefinition, record: TableStreamRecord): void;
  /** Notes that a client means to read the stream. */
  touch(tx: Transaction, table: TableDefinition): void;
  /** The sequence number after which everything is kept. */
  trimmedTo(view: ReadView, table: TableDefinition): string;
  /** Records from a sequence number on, itself included. */
  read(view: ReadView, table: TableDefinition, from: string, limit: number): TableStreamRecord[];
  /** Forgets all of a table's streams. */
  clear(tx: Transaction, table: TableDefinition): void;
}

interface Reader {
  readonly untilMs: number;
  readonly trimmedTo: string;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const sweptAtOnce = 8;

/**
 * Returns the log of all streams (L1).
 * @param nextSequenceNumber returns a greater number at each call
 */
export function createStreamLog(clock: Clock, nextSequenceNumber: () => string): StreamLog {
  const readerKey = ({ id, streamLabel = "" }: TableDefinition): Key => kinds.streamReaders.key(String(id), streamLabel);
  const partsFor = ({ id, streamLabel = "" }: TableDefinition): [string, string] => [String(id), streamLabel];
  const readerOf = (view: ReadView, table: TableDefinition): Reader | undefined => view.get<Reader>(readerKey(table));

  /** By the key of a stream's reader, until when no record of it is old: not each change looks for some. */
  const quietUntilMs = new Map<Key, number>();

  function sweep(tx: Transaction, table: TableDefinition, reader: Reader, beforeMs: number): void {
    const first = tx.scan<TableStreamRecord>(kinds.streamRecords.range(...partsFor(table)), { limit: sweptAtOnce });
    const old = first.filter(([, record]) => createdMs(record) < beforeMs);
    for (const [key] of old) tx.delete(key);
    const last = old.at(-1);
    if (last !== undefined) tx.put(readerKey(table), { ...reader, trimmedTo: partsOf(last[0]).at(-1) as string } satisfies Reader);
    else if (reader.untilMs <= clock.nowMs()) tx.delete(readerKey(table));
    else if (first[0] !== undefined) quietUntilMs.set(readerKey(table), createdMs(first[0][1]) + dayMs);
  }

  return {
    add(tx, table, record) {
      const reader = readerOf(tx, table);
      if (reader === undefined) return;
      const nowMs = clock.nowMs();
      const isRead = reader.untilMs > nowMs;
      if (isRead) tx.put(kinds.streamRecords.key(...partsFor(table), record.dynamodb.SequenceNumber), record);
      if (isRead && nowMs <= (quietUntilMs.get(readerKey(table)) ?? 0)) return;
      sweep(tx, table, reader, isRead ? nowMs - dayMs : Number.POSITIVE_INFINITY);
    },
    touch(tx, table) {
      const reader = readerOf(tx, table);
      const nowMs = clock.nowMs();
      // Written once an hour, not with each look.
      if (reader !== undefined && reader.untilMs > nowMs + dayMs - hourMs) return;
      const isRead = reader !== undefined && reader.untilMs > nowMs;
      tx.put(readerKey(table), { untilMs: nowMs + dayMs, trimmedTo: isRead ? reader.trimmedTo : nextSequenceNumber() } satisfies Reader);
    },
    trimmedTo: (view, table) => readerOf(view, table)?.trimmedTo ?? nextSequenceNumber(),
    read(view, table, from, limit) {
      const start = kinds.streamRecords.key(...partsFor(table), from);
      const { end } = kinds.streamRecords.range(...partsFor(table));
      return view.scan<TableStreamRecord>({ start, end }, { limit }).map(([, record]) => record);
    },
    clear(tx, { id }) {
      for (const kind of [kinds.streamRecords, kinds.streamReaders]) {
        for (const [key] of tx.scan(kind.range(String(id)))) tx.delete(key);
      }
    },
  };
}

function createdMs({ dynamodb }: TableStreamRecord): number {
  return dynamodb.ApproximateCreationDateTime * 1000;
}
