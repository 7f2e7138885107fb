import type { Clock } from "@serverlesspresso/ports";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves on by `ms`, calling what falls due in order of time, each at its own instant, and lets what it set off settle in between. */
  advance(ms: number): Promise<void>;
  /** Adds something to wait for while settling, e.g. `() => store.flush()`, so that what reaches the disk has reached it. Returns its removal. */
  settleWith(wait: () => Promise<unknown>): () => void;
}

/** A clock for tests and simulation, beginning at `startMs`. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1, 9)): ManualClock {
  let now = startMs;
  let order = 0;
  const waits = new Set<() => Promise<unknown>>();
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
      for (;;) {
        await settle();
        const id = nextDue(untilMs);
        if (id === undefined) break;
        const entry = waiting.get(id) as { atMs: number; fn: () => void };
        waiting.delete(id);
        now = Math.max(now, entry.atMs);
        entry.fn();
      }
      now = untilMs;
      await settle();
    },
    settleWith(wait) {
      waits.add(wait);
      return () => void waits.delete(wait);
    },
  };

  /** Lets promises run, and the disk, a few times over: what one step sets off may set off the next. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
      for (const wait of waits) await wait();
    }
  }
}
