import type { Machine } from "./machine.ts";

/** A machine for tests. */
export interface ManualMachine extends Machine {
  /** Both clocks go on by `ms`; what falls due is called, each at its own instant. */
  advance(ms: number): void;
  /** Sets the wall clock forward or, if negative, back. */
  setBy(ms: number): void;
  /** The machine sleeps: only the wall clock goes on, and nothing is called. */
  sleep(ms: number): void;
}

/** A machine whose clocks stand still until a test moves them. */
export function createManualMachine(startMs = Date.UTC(2026, 0, 1, 9)): ManualMachine {
  let wall = startMs;
  let monotonic = 0;
  const waiting = new Set<{ readonly atMs: number; readonly fn: () => void }>();
  const goTo = (atMs: number): void => {
    wall += Math.max(0, atMs - monotonic);
    monotonic = Math.max(monotonic, atMs);
  };
  const setBy = (ms: number): void => {
    wall += ms;
  };
  return {
    wallMs: () => wall,
    monotonicMs: () => monotonic,
    after(ms, fn) {
      const entry = { atMs: monotonic + ms, fn };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    advance(ms) {
      const untilMs = monotonic + ms;
      for (;;) {
        const [first] = [...waiting].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
        if (first === undefined) break;
        waiting.delete(first);
        goTo(first.atMs);
        first.fn();
      }
      goTo(untilMs);
    },
    setBy,
    sleep: setBy,
  };
}
