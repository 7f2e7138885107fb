/**
 * Messages in the store.
 *
 * M1. A message waits under the instant from which it can be had, or is in flight under its serial; never both, never neither.
 * M2. One that comes back from flight goes to the place in the line where it was.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import { compareKeys, type Key, partsOf, type ReadView, type Transaction } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

/** A message as stored; names are short because every message carries them. */
export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly sentMs: number;
  readonly receives: number;
  readonly firstMs?: number;
  readonly attributes?: JsonObject;
  /** The queue from which it came to a dead-letter queue. */
  readonly from?: string;
  readonly group?: string;
  readonly dedup?: string;
  /** Its sequence number in a FIFO queue. */
  readonly sequence?: string;
  /** X-Ray's trace header, as it was sent. */
  readonly trace?: string;
}
/** A message with its place in the line. */
export interface Placed {
  readonly atMs: number;
  readonly serial: string;
  readonly message: StoredMessage;
}
interface InFlight {
  readonly atMs: number;
  readonly untilMs: number;
  readonly message: StoredMessage;
}
/** A message in flight, invisible to others until `untilMs`. */
export interface Flying extends Placed {
  readonly untilMs: number;
}

const waitingKey = (queue: string, atMs: number, serial: string): Key => kinds.waiting.key(queue, atMs, serial);
const flyingKey = (queue: string, serial: string): Key => kinds.flying.key(queue, serial);

/** Puts a message in its place in the line (M1). */
export function putWaiting(tx: Transaction, queue: string, { atMs, serial, message }: Placed): void {
  tx.put(waitingKey(queue, atMs, serial), message);
}

/** Takes a message out of the line. */
export function removeWaiting(tx: Transaction, queue: string, { atMs, serial }: Pick<Placed, "atMs" | "serial">): void {
  tx.delete(waitingKey(queue, atMs, serial));
}

/** What can be had at `nowMs`, first in line first. */
export function readVisible(view: ReadView, queue: string, nowMs: number, limit: number): Placed[] {
  return readPage(view, queue, kinds.waiting.range(queue).start, nowMs, limit);
}

/**
 * All that can be had at `nowMs`, read as far as it is asked for; what was read may be removed meanwhile.
 * @param expected how many will do in most cases: a message may have 1 MiB, so no more are read at first
 */
export function* visible(view: ReadView, queue: string, nowMs: number, expected: number): Generator<Placed> {
  let start: Key | undefined = kinds.waiting.range(queue).start;
  for (let length = expected; start !== undefined; length = Math.min(2 * length, longestPage)) {
    const page: Placed[] = readPage(view, queue, start, nowMs, length);
    yield* page;
    const last = page.at(-1);
    start = last === undefined || page.length < length ? undefined : kinds.waiting.range(queue, last.atMs, last.serial).end;
  }
}

const longestPage = 64;

function readPage(view: ReadView, queue: string, start: Key, nowMs: number, limit: number): Placed[] {
  return view
    .scan<StoredMessage>({ start, end: kinds.waiting.key(queue, nowMs + 1) }, { limit })
    .map(([key, message]) => placed(key, message));
}

/** All that wait, also those that are not visible yet, first in line first. */
export function readWaiting(view: ReadView, queue: string): Placed[] {
  return view.scan<StoredMessage>(kinds.waiting.range(queue)).map(([key, message]) => placed(key, message));
}

/** How many wait and are visible, and how many wait in all; no message is read. */
export function countWaiting(view: ReadView, queue: string, nowMs: number): readonly [visible: number, all: number] {
  const keys = view.keys(kinds.waiting.range(queue));
  const firstHidden = kinds.waiting.key(queue, nowMs + 1);
  return [keys.filter((key) => compareKeys(key, firstHidden) < 0).length, keys.length];
}

function placed(key: Key, message: StoredMessage): Placed {
  const [, , atMs, serial] = partsOf(key) as [string, string, number, string];
  return { atMs, serial, message };
}

/** The first instant after `nowMs` at which a waiting message can be had. */
export function nextWaitingMs(view: ReadView, queue: string, nowMs: number): number | undefined {
  const range = { start: kinds.waiting.key(queue, nowMs + 1), end: kinds.waiting.range(queue).end };
  const [first] = view.scan<StoredMessage>(range, { limit: 1 });
  return first === undefined ? undefined : (partsOf(first[0])[2] as number);
}

/** Puts a message in flight, or changes until when it is (M1). */
export function putFlying(tx: Transaction, queue: string, { serial, atMs, untilMs, message }: Flying): void {
  tx.put(flyingKey(queue, serial), { atMs, untilMs, message } satisfies InFlight);
}

/** Removes a message that is in flight. */
export function removeFlying(tx: Transaction, queue: string, serial: string): void {
  tx.delete(flyingKey(queue, serial));
}

/** A message in flight by its serial; undefined if it is not in flight. */
export function getFlying(view: ReadView, queue: string, serial: string): Flying | undefined {
  const found = view.get<InFlight>(flyingKey(queue, serial));
  return found === undefined ? undefined : { serial, ...found };
}

/** All that are in flight, by serial. */
export function readFlying(view: ReadView, queue: string): Flying[] {
  return view.scan<InFlight>(kinds.flying.range(queue)).map(([key, found]) => ({ serial: partsOf(key)[2] as string, ...found }));
}

/** Back to its place in the line (M2). */
export function land(tx: Transaction, queue: string, { serial, atMs, message }: Flying): void {
  removeFlying(tx, queue, serial);
  putWaiting(tx, queue, { atMs, serial, message });
}
