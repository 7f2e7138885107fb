import type { Clock, Ids } from "@serverlesspresso/ports";

/** Time and chance of the robots. */
export interface Pace {
  /** About so many seconds of the shop's time, half as long to half as long again; ends early when it is over. */
  wait(seconds: number): Promise<void>;
  happens(probability: number): boolean;
  pick<T>(choices: readonly T[]): T | undefined;
  isOver(): boolean;
  end(): void;
}

/** @param factor how many times as fast as people they are */
export function createPace(clock: Clock, ids: Pick<Ids, "random">, factor = 1): Pace {
  let over = false;
  const wakes = new Set<() => void>();
  return {
    wait(seconds) {
      if (over) return Promise.resolve();
      const ms = (seconds * 1000 * (0.5 + ids.random())) / factor;
      return new Promise((resolve) => {
        const wake = (): void => {
          cancel();
          wakes.delete(wake);
          resolve();
        };
        const cancel = clock.at(clock.nowMs() + ms, wake);
        wakes.add(wake);
      });
    },
    happens: (probability) => ids.random() < probability,
    pick: (choices) => choices[Math.floor(ids.random() * choices.length)],
    isOver: () => over,
    end() {
      over = true;
      for (const wake of [...wakes]) wake();
    },
  };
}
