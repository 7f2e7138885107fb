/** FIFO queues take a deduplication id once within five minutes; a repeat answers the first message's id. */
import { partsOf, type Transaction } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

const intervalMs = 300_000;
const swept = 10;

export function firstIdFor(tx: Transaction, queue: string, dedup: string, nowMs: number): string | undefined {
  const seen = tx.get<{ id: string; atMs: number }>(kinds.deduplication.key(queue, dedup));
  return seen !== undefined && seen.atMs + intervalMs > nowMs ? seen.id : undefined;
}

export function rememberId(tx: Transaction, queue: string, dedup: string, id: string, nowMs: number): void {
  tx.put(kinds.deduplication.key(queue, dedup), { id, atMs: nowMs });
  tx.put(kinds.deduplicationEnds.key(queue, nowMs, dedup), 1);
  const range = {
    start: kinds.deduplicationEnds.range(queue).start,
    end: kinds.deduplicationEnds.key(queue, Math.max(0, nowMs - intervalMs)),
  };
  for (const [key] of tx.scan(range, { limit: swept })) {
    tx.delete(key);
    tx.delete(kinds.deduplication.key(queue, partsOf(key)[3] as string));
  }
}
