/** FIFO queues take a deduplication id once within five minutes; a repeat answers what the first was answered. */
import { createHash } from "node:crypto";
import { type Key, partsOf, type Transaction } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

const intervalMs = 300_000;
const swept = 10;

/** What was answered for a message of a FIFO queue. */
export interface Accepted {
  readonly id: string;
  /** Absent where the message was sent before they were given. */
  readonly sequence?: string;
}

/** The deduplication id of a message that names none, in a queue with `ContentBasedDeduplication`. */
export function contentId(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

const seenKey = (queue: string, scope: string): Key => kinds.deduplication.key(queue, scope);

/** @param scope the deduplication id; with the group before it where the queue's scope is `messageGroup` */
export function findAccepted(tx: Transaction, queue: string, scope: string, nowMs: number): Accepted | undefined {
  const seen = tx.get<Accepted & { atMs: number }>(seenKey(queue, scope));
  return seen !== undefined && seen.atMs + intervalMs > nowMs ? seen : undefined;
}

/** Remembers for five minutes what a message was accepted as, and forgets some whose time has passed. */
export function rememberAccepted(tx: Transaction, queue: string, scope: string, accepted: Accepted, nowMs: number): void {
  tx.put(seenKey(queue, scope), { ...accepted, atMs: nowMs });
  tx.put(kinds.deduplicationEnds.key(queue, nowMs, scope), 1);
  const { start } = kinds.deduplicationEnds.range(queue);
  const range = { start, end: kinds.deduplicationEnds.key(queue, Math.max(0, nowMs - intervalMs)) };
  for (const [key] of tx.scan(range, { limit: swept })) forget(tx, queue, key);
}

/** Forgets all that a queue has accepted, as it is deleted. */
export function forgetAccepted(tx: Transaction, queue: string): void {
  for (const [key] of tx.scan(kinds.deduplicationEnds.range(queue))) forget(tx, queue, key);
}

function forget(tx: Transaction, queue: string, expiryKey: Key): void {
  const [, , atMs, scope] = partsOf(expiryKey) as [string, string, number, string];
  tx.delete(expiryKey);
  // One that was sent again after its interval stands under a later expiry.
  if (tx.get<{ atMs: number }>(seenKey(queue, scope))?.atMs === atMs) tx.delete(seenKey(queue, scope));
}
