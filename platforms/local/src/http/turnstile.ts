/**
 * The order in which what comes over the network is begun.
 *
 * T1. A turn of the loop begins one piece of work, so that however many come at once, what comes next is looked at between any two of them.
 * T2. The oldest is begun first, so that all wait alike. Once it has waited for `longMs`, more comes than can be done: then the newest is
 *     first, and every fourth time the oldest, so that a single client is not behind a crowd, and none of the crowd waits for ever.
 *     What its sender could have kept back (`later`) comes after all others, and every eighth time before them.
 * T3. A turn that has taken a new connection begins nothing, unless fifteen in a row did not: the loop takes one connection in a turn, and
 *     those behind it wait in the kernel, unseen, until it takes them.
 */
import { thisMachine } from "@serverlesspresso/clock";

interface Work {
  /** Whether its client has gone. */
  readonly isGone: () => boolean;
  readonly run: () => void;
}

/** Lets in work that came from outside, one piece in each turn of the event loop (T1 to T3). */
export interface Turnstile {
  /** Adds work that may begin now. */
  add(work: Work): void;
  /** Adds work that others go before. */
  later(work: Work): void;
  /** Notes that a connection was taken in this turn. */
  tookConnection(): void;
}

const longMs = 400;
const oldestEvery = 4;
const laterEvery = 8;
const mostPassed = 15;

/**
 * Returns a turnstile without work.
 * @param now milliseconds of a clock that never goes back
 */
export function createTurnstile(now: () => number = thisMachine.monotonicMs): Turnstile {
  const firsts: (Work & { readonly sinceMs: number })[] = [];
  const lates: Work[] = [];
  let isScheduled = false;
  let hasTaken = false;
  let passed = 0;
  let begun = 0;

  function turn(): void {
    isScheduled = false;
    if (hasTaken && passed < mostPassed) passed += 1;
    else begin();
    hasTaken = false;
    if (firsts.length + lates.length > 0) schedule();
  }

  function begin(): void {
    passed = 0;
    begun += 1;
    for (let work = next(); work !== undefined; work = next()) {
      if (work.isGone()) continue;
      work.run();
      return;
    }
  }

  /** T2. */
  function next(): Work | undefined {
    const isLatesTurn = lates.length > 0 && (firsts.length === 0 || begun % laterEvery === 0);
    if (isLatesTurn) return lates.shift();
    return isCrowded() && begun % oldestEvery !== 0 ? firsts.pop() : firsts.shift();
  }

  function isCrowded(): boolean {
    const [oldest] = firsts;
    return oldest !== undefined && now() - oldest.sinceMs >= longMs;
  }

  function schedule(): void {
    if (!isScheduled) setImmediate(turn);
    isScheduled = true;
  }

  return {
    add(work) {
      firsts.push({ ...work, sinceMs: now() });
      schedule();
    },
    later(work) {
      lates.push(work);
      schedule();
    },
    tookConnection() {
      hasTaken = true;
      // A turn without anything to begin forgets it.
      schedule();
    },
  };
}
