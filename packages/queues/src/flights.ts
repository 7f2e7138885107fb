/**
 * Messages in flight: received, and invisible to others until they are deleted or their visibility timeout is over.
 *
 * F1. A message whose timeout is over goes back to its place in the line, with one receive more, before the next one is received.
 * F2. A receipt handle holds for one receive: after the next one it is stale.
 */
import type { Clock } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { Availability } from "./availability.ts";
import { QueueError } from "./errors.ts";
import {
  type Flying,
  getFlying,
  land,
  type Placed,
  putFlying,
  readFlying,
  removeFlying,
  removeWaiting,
  type StoredMessage,
} from "./message-store.ts";

/** A message that was just taken off: since when it has been received is known. */
export interface TakenOff extends Flying {
  readonly message: StoredMessage & { readonly firstMs: number };
}

/** What is in flight in each queue, by its name. */
export interface Flights {
  /** Takes a message out of the line and into flight until `untilMs`, with one receive more. */
  takeOff(tx: Transaction, queue: string, placed: Placed, untilMs: number): TakenOff;
  /** Returns the message that a handle was given for; undefined where it is gone, landed or was received again (F2). */
  find(tx: Transaction, queue: string, receiptHandle: string): Flying | undefined;
  /** Ends the flight of a message that is deleted. */
  end(tx: Transaction, queue: string, flying: Flying): void;
  /** Hides a message until another instant; one that is over by now puts it back into the line. */
  prolong(tx: Transaction, queue: string, flying: Flying, untilMs: number): void;
  /** Puts messages back into the line: those whose timeout is over, or all. */
  release(tx: Transaction, queue: string, which: "due" | "all"): void;
  /** Returns the groups with a message in flight. */
  busyGroups(tx: Transaction, queue: string): ReadonlySet<string | undefined>;
  /** Returns an instant before which no timeout is over; undefined for a queue that was not looked at. */
  nextDueMs(queue: string): number | undefined;
}

/** Returns the flights of one process. After a commit they wake who waits, by `availability`. */
export function createFlights(clock: Clock, availability: Availability): Flights {
  /** Before this instant nothing in flight is due; unknown queues are looked at once. */
  const nextDueMs = new Map<string, number>();

  function fly(tx: Transaction, queue: string, flying: Flying): void {
    putFlying(tx, queue, flying);
    tx.afterCommit(() => {
      nextDueMs.set(queue, Math.min(nextDueMs.get(queue) ?? 0, flying.untilMs));
      availability.expect(queue, flying.untilMs);
    });
  }

  return {
    takeOff(tx, queue, { atMs, serial, message }, untilMs) {
      const firstMs = message.firstMs ?? clock.nowMs();
      const flying = { atMs, serial, untilMs, message: { ...message, receives: message.receives + 1, firstMs } };
      removeWaiting(tx, queue, flying);
      fly(tx, queue, flying);
      return flying;
    },
    find(tx, queue, receiptHandle) {
      const { serial, receives } = parseHandle(receiptHandle);
      const flying = getFlying(tx, queue, serial);
      return flying?.message.receives === receives ? flying : undefined;
    },
    end: (tx, queue, { serial }) => removeFlying(tx, queue, serial),
    prolong(tx, queue, flying, untilMs) {
      if (untilMs > clock.nowMs()) return fly(tx, queue, { ...flying, untilMs });
      land(tx, queue, flying);
      tx.afterCommit(() => availability.notify(queue));
    },
    release(tx, queue, which) {
      const nowMs = clock.nowMs();
      if (which === "due" && (nextDueMs.get(queue) ?? 0) > nowMs) return;
      let next = Number.POSITIVE_INFINITY;
      for (const flying of readFlying(tx, queue)) {
        if (which === "all" || flying.untilMs <= nowMs) land(tx, queue, flying);
        else next = Math.min(next, flying.untilMs);
      }
      // Only once it is committed: what a failed transaction let land is still in flight.
      tx.afterCommit(() => nextDueMs.set(queue, next));
    },
    busyGroups: (tx, queue) => new Set(readFlying(tx, queue).map(({ message }) => message.group)),
    nextDueMs: (queue) => nextDueMs.get(queue),
  };
}

/** Returns the receipt handle of a message in flight. */
export function handleOf({ serial, message }: Flying): string {
  return Buffer.from(`${serial}.${message.receives}`).toString("base64url");
}

function parseHandle(handle: string): { serial: string; receives: number } {
  const found = /^([0-9A-Z]{26})\.(\d+)$/.exec(Buffer.from(handle, "base64url").toString());
  if (found === null) throw new QueueError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not a valid receipt handle.`);
  return { serial: found[1] as string, receives: Number(found[2]) };
}
