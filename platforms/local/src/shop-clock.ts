/**
 * The shop's clock over restarts. A clock that has run ahead of the machine's must not begin behind what it has said.
 *
 * C1. Before the clock says an instant, a bound at or after it is on disk.
 * C2. A start begins at the bound of the last run, or at the machine's time where that is later.
 * C3. A clock that was never ahead of the machine's writes nothing.
 */
import { createSystemClock } from "@serverlesspresso/clock";
import type { Clock } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

const key = kinds.clock.key();
/** How far ahead the bound is laid, in real seconds. */
const leadSeconds = 10;

export interface ShopClock extends Clock {
  /** Writes the exact instant, so that the next start loses nothing. */
  stop(): Promise<void>;
}

/** The clock for this run, its first bound on disk. */
export async function createShopClock(store: Store, rate: number): Promise<ShopClock> {
  const startMs = store.get<number>(key) ?? 0;
  const clock = createSystemClock({ rate, startMs });
  if (rate === 1 && startMs <= createSystemClock().nowMs()) return { ...clock, stop: async () => {} };

  const leadMs = leadSeconds * 1000 * rate;
  let cancel = (): void => {};
  async function extend(): Promise<void> {
    const boundMs = clock.nowMs() + leadMs;
    // A store that has failed has told the platform already.
    cancel = clock.at(boundMs - leadMs / 2, () => void extend().catch(() => {}));
    await store.transact((tx) => tx.put(key, Math.ceil(boundMs)));
  }
  await extend();
  return {
    ...clock,
    async stop() {
      cancel();
      await store.transact((tx) => tx.put(key, clock.nowMs()));
    },
  };
}
