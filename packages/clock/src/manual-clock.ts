import type { Clock } from "@serverlesspresso/ports";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves on by `ms`, calling what falls due in order of time, each at its own instant, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
}

/** A clock for tests and simulation, beginning at `startMs`. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1, 9)): ManualClock {
  let now = startMs;
  let order = 0;
  const waiting = new Map<number, { atMs: number; fn: () => void }>();
  const nextDue = (untilMs: number): number | undefined => {
    let best: number | undefined;
    for (const [id, { atMs }] of waiting) {
      if (atMs <= untilMs && (best === undefined || atMs < (waiting.get(best)?.atMs ?? 0))) best = id;
    }
    return best;
  };
  return {
    nowMs: () => now,
    at(atMs, fn) {
      const id = ++order;
      waiting.set(id, { atMs, fn });
      return () => void waiting.delete(id);
    },
    async advance(ms) {
      const untilMs = now + ms;
      for (let id = nextDue(untilMs); id !== undefined; id = nextDue(untilMs)) {
        const entry = waiting.get(id) as { atMs: number; fn: () => void };
        waiting.delete(id);
        now = Math.max(now, entry.atMs);
        entry.fn();
        await settle();
      }
      now = untilMs;
      await settle();
    },
  };
}

/** Lets whatever was set off run, flushes to disk included. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}
