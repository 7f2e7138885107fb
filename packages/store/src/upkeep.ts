/** Work that keeps the store small, done in small steps beside everything else. */
import type { Clock } from "@serverlesspresso/ports";
import { StoreError } from "./errors.ts";
import type { Store } from "./store.ts";
import type { Transaction } from "./transaction.ts";

/** One step; each is a transaction of its own, and short. */
export type UpkeepStep = (tx: Transaction) => void;
export interface Upkeep {
  /** Begins, with a round at once. */
  start(): void;
  /** Resolves when no step is under way; none begins any more. */
  stop(): Promise<void>;
}

export interface UpkeepOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** From the end of one round to the next. */
  readonly everyMs: number;
  /** The steps of one round, each asked for once the one before is durable. */
  readonly steps: () => Generator<UpkeepStep>;
  readonly what: string;
  readonly onError: (error: unknown, what: string) => void;
}

export function createUpkeep({ store, clock, everyMs, steps, what, onError }: UpkeepOptions): Upkeep {
  let isBegun = false;
  let disarm = (): void => {};
  let round: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    try {
      for (const step of steps()) {
        if (!isBegun) return;
        await store.transact(step);
      }
    } catch (error) {
      // A store that takes no more has told so itself.
      if (error instanceof StoreError && (error.code === "Closed" || error.code === "Failed")) return;
      onError(error, what);
    }
    if (isBegun) disarm = clock.at(clock.nowMs() + everyMs, begin);
  }

  function begin(): void {
    round = run();
  }

  return {
    start() {
      isBegun = true;
      begin();
    },
    stop() {
      isBegun = false;
      disarm();
      return round;
    },
  };
}
