/** What has to be undone, the latest first: a start that fails half way stops what it has started, and so does a stop. */
export interface Undo {
  push(step: () => Promise<unknown> | unknown): void;
  all(): Promise<void>;
}

/** Returns an empty list of steps to undo. */
export function createUndo(): Undo {
  const steps: (() => Promise<unknown> | unknown)[] = [];
  return {
    push: (step) => void steps.push(step),
    async all() {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) await step();
    },
  };
}
