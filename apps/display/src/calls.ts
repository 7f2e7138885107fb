/** Numbers called out large, one after the other. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "../../ui/src/clock.ts";

const SHOWN_MS = 6_000;
/** So many wait at most; older ones stand in the list anyway. */
const MOST_WAITING = 5;

/** Orders called for pickup, one after another. */
export interface Calls {
  /** The order being called. */
  readonly current: ReadonlySignal<string | undefined>;
  call(orderId: string): void;
}

/** @param onCall rings when a call begins. */
export function createCalls(clock: Clock, onCall: () => void): Calls {
  const current = signal<string | undefined>(undefined);
  let waiting: string[] = [];

  function next(): void {
    const [orderId, ...rest] = waiting;
    waiting = rest;
    current.value = orderId;
    if (orderId === undefined) return;
    onCall();
    clock.after(SHOWN_MS, next);
  }

  return {
    current,
    call(orderId) {
      waiting = [...waiting.filter((other) => other !== orderId), orderId].slice(-MOST_WAITING);
      if (current.peek() === undefined) next();
    },
  };
}
