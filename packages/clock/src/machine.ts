/** The machine's view of time: a port under the clocks, so that tests set its clock and let it sleep. */
export interface Machine {
  /** The wall clock, in ms since the epoch: goes wherever it is set. */
  wallMs(): number;
  /** Milliseconds since some instant: only ever goes on, and stands still while the machine sleeps. */
  monotonicMs(): number;
  /** Calls `fn` once `ms` have passed by `monotonicMs`. `idle` does not keep the process alive. Returns its cancellation. */
  after(ms: number, fn: () => void, idle?: "idle"): () => void;
}

/** This machine. */
export const thisMachine: Machine = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(ms, fn, idle) {
    const timer = setTimeout(fn, ms);
    if (idle) timer.unref();
    return () => clearTimeout(timer);
  },
};
