import type { Clock } from "./clock.ts";

/** A clock for tests that stands still until it is advanced, firing what comes due in order. */
export function createManualClock(startMs: number): Clock & { advance(ms: number): void } {
  let nowMs = startMs;
  let waiting: { atMs: number; fn: () => void }[] = [];
  return {
    nowMs: () => nowMs,
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
