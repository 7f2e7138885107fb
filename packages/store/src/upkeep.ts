/**
 * Work that keeps the store small, done in small steps beside everything else.
 *
 * UK1. The first round begins a moment after the start: what starts has the process for itself until then.
 * UK2. Between two steps the event loop goes round, also where they find nothing to write.
 */
import type { Clock } from "@serverlesspresso/ports";
import { StoreError } from "./errors.ts";
import type { Store } from "./store.ts";
import type { Transaction } from "./transaction.ts";

/** One step; each is a transaction of its own, and short. */
export type UpkeepStep = (tx: Transaction) => void;
/** A job that runs in rounds, at a fixed pause from the end of one to the start of the next. */
export interface Upkeep {
  /** Begins, with a round after a moment. */
  start(): void;
  /** Starts no further step. Resolves when no step is running. */
  stop(): Promise<void>;
}

/** What a round does, and how often. `what` names the job in reports to `onError`. */
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

/** The first round begins so long after the start (UK1). */
const firstAfterMs = 1_000;

/** Returns upkeep that has not started. A step that throws is reported and ends its round; the next one starts after the usual pause. */
export function createUpkeep({ store, clock, everyMs, steps, what, onError }: UpkeepOptions): Upkeep {
  let isBegun = false;
  let disarm = (): void => {};
  let round: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    try {
      for (const step of steps()) {
        if (!isBegun) return;
        await store.transact(step);
        // UK2. A transaction that wrote nothing is durable at once.
        await new Promise<void>((resolve) => setImmediate(resolve));
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
      disarm = clock.at(clock.nowMs() + firstAfterMs, begin);
    },
    stop() {
      isBegun = false;
      disarm();
      return round;
    },
  };
}
