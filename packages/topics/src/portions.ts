/** Work in small portions: between two of them the loop serves everybody else. */
export interface Portions {
  /** Runs `work` in its turn, in the order of the calls. @param weight how much of a portion it is */
  add(weight: number, work: () => void): void;
}

/** @param mostAtOnce the weight of one portion */
export function createPortions(mostAtOnce: number): Portions {
  let waiting: { weight: number; work: () => void }[] = [];
  let next = 0;
  let isScheduled = false;

  function portion(): void {
    isScheduled = false;
    for (let left = mostAtOnce; left > 0 && next < waiting.length; next++) {
      const { weight, work } = waiting[next] as { weight: number; work: () => void };
      left -= weight;
      work();
    }
    if (next < waiting.length) schedule();
    if (next > 1_000 || next === waiting.length) [waiting, next] = [waiting.slice(next), 0];
  }

  function schedule(): void {
    if (!isScheduled) setImmediate(portion);
    isScheduled = true;
  }

  return {
    add(weight, work) {
      waiting.push({ weight, work });
      schedule();
    },
  };
}
