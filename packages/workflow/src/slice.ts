/**
 * What expressions may do in one turn of the event loop, over all executions and transactions of it.
 *
 * Counted in the core's steps, not in time: ordinary workflows never come near it, so when things run does not depend on the machine.
 */
export interface Slice {
  /** Counts what a decision did. */
  spend(steps: number): void;
  /** True once the turn has done enough: what is left goes on in a later one. */
  isOver(): boolean;
  /** Begins anew, for work that has waited for its turn. */
  begin(): void;
}

/** About 10 ms. */
const stepsPerTurn = 100_000;

/** Returns a slice of which nothing is used. */
export function createSlice(): Slice {
  let done = 0;
  let endsSoon = false;
  const begin = (): void => {
    done = 0;
  };
  return {
    spend(steps) {
      if (steps === 0) return;
      done += steps;
      if (!endsSoon) {
        setImmediate(() => {
          endsSoon = false;
          begin();
        });
      }
      endsSoon = true;
    },
    isOver: () => done >= stepsPerTurn,
    begin,
  };
}
