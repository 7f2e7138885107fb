import type { Clock } from "./clock.ts";

interface ManualClock extends Clock {
  advance(ms: number): void;
  /** Sets the time it shows by so much forward, or back; timers run on as if nothing had been, as a browser's do. */
  set(byMs: number): void;
}

/** A clock for tests that stands still until it is advanced, firing what comes due in order. */
export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  let setMs = 0;
  let waiting: { atMs: number; fn: () => void }[] = [];
  return {
    nowMs: () => nowMs + setMs,
    set: (byMs) => void (setMs += byMs),
    after(ms, fn) {
      const timer = { atMs: nowMs + ms, fn };
      waiting.push(timer);
      return () => void (waiting = waiting.filter((other) => other !== timer));
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = waiting.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        waiting = waiting.filter((other) => other !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.fn();
      }
      nowMs = untilMs;
    },
  };
}
