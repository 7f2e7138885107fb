import type { Clock } from "@serverlesspresso/ports";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves on by `ms`, calling what falls due in order of time, each at its own instant, and lets what it set off settle in between. */
  advance(ms: number): Promise<void>;
  /**
   * Adds something to wait for while settling, e.g. `() => store.flush()`, so that what reaches the disk has reached it. What it resolves to says how far
   * things are: where that is another value than before, something happened, and settling goes on. Returns its removal.
   */
  settleWith(wait: () => Promise<unknown>): () => void;
}

const quietRounds = 6;
const mostRounds = 10_000;

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
        if (id === undefined && now >= untilMs) return;
        if (id === undefined) {
          now = untilMs;
          continue;
        }
        const entry = waiting.get(id) as { atMs: number; fn: () => void };
        waiting.delete(id);
        now = Math.max(now, entry.atMs);
        entry.fn();
      }
    },
    settleWith(wait) {
      waits.add(wait);
      return () => void waits.delete(wait);
    },
  };

  /**
   * Lets promises run, and the disk, until nothing has happened for some rounds: what one step sets off may set off the next, however many there are.
   * @throws {Error} after `mostRounds`: what goes on for ever by itself would hold a test for ever
   */
  async function settle(): Promise<void> {
    let seen: unknown[] = [];
    for (let round = 0, quiet = 0; quiet < quietRounds; round++) {
      if (round === mostRounds) throw new Error(`what the clock set off still goes on after ${mostRounds} rounds`);
      for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
      const now: unknown[] = [];
      for (const wait of waits) now.push(await wait());
      quiet = now.every((value, i) => Object.is(value, seen[i])) ? quiet + 1 : 0;
      seen = now;
    }
  }
}
