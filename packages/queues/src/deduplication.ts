/** FIFO queues take a deduplication id once within five minutes; a repeat answers the first message's id. */
import { keyOf, partsOf, rangeOf, type Transaction } from "@serverlesspresso/store";

const intervalMs = 300_000;
const swept = 10;

export function firstIdFor(tx: Transaction, queue: string, dedup: string, nowMs: number): string | undefined {
  const seen = tx.get<{ id: string; atMs: number }>(keyOf("qd", queue, dedup));
  return seen !== undefined && seen.atMs + intervalMs > nowMs ? seen.id : undefined;
}

export function rememberId(tx: Transaction, queue: string, dedup: string, id: string, nowMs: number): void {
  tx.put(keyOf("qd", queue, dedup), { id, atMs: nowMs });
  tx.put(keyOf("qe", queue, nowMs, dedup), 1);
  const range = { start: rangeOf("qe", queue).start, end: keyOf("qe", queue, Math.max(0, nowMs - intervalMs)) };
  for (const [key] of tx.scan(range, { limit: swept })) {
    tx.delete(key);
    tx.delete(keyOf("qd", queue, partsOf(key)[3] as string));
  }
}
