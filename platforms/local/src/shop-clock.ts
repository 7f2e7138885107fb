/**
 * The shop's time: the one rule.
 *
 * C1. At rate 1 shop time follows the machine's clock: small differences are slewed; where the machine's clock goes forward, set or
 *     asleep, shop time goes with it at once and what is due fires within a second. Steps are said aloud.
 * C2. Shop time never runs backwards for what is stored: each flush of the store carries the present instant, and a start begins there
 *     or at the machine's time, whichever is later.
 * C3. Where the machine's clock is behind (it was set back, or the folder ran faster before), shop time goes on from where it is, 7 s
 *     an hour slower, until the machine's clock has caught up. The start says by how much, and how to go on.
 * C4. At another rate shop time runs on the machine's monotonic clock alone, so many times as fast; while the machine sleeps it stands.
 * C5. Real work (functions' time-outs, HTTP, connections, JSONata's threads, free disk) and how often callers may ask are measured by the
 *     machine's monotonic clock. A response that asks a client to wait gives real seconds (`http/rate-limits.ts`).
 */
import { createFollowingClock, createSystemClock, type Machine, thisMachine } from "@serverlesspresso/clock";
import type { Clock } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

const key = kinds.clock.key();

/** The clock of one run of the shop. */
export interface ShopClock extends Clock {
  /** How far it began ahead of the machine's clock (C3). */
  readonly aheadMs: number;
  /** Writes the exact instant, so that the next start loses nothing. */
  stop(): Promise<void>;
}

/** How the shop's clock is made. */
export interface ShopClockOptions {
  readonly rate?: number;
  readonly machine?: Machine;
  /** Receives a sentence for each step of the machine's clock (C1, C3). */
  readonly onStep?: (said: string) => void;
}

/** The clock for this run, its instants written with whatever `store` writes from now on. */
export function createShopClock(store: Store, { rate = 1, machine = thisMachine, onStep = () => {} }: ShopClockOptions = {}): ShopClock {
  const startMs = store.get<number>(key) ?? 0;
  const aheadMs = Math.max(0, startMs - machine.wallMs());
  const clock =
    rate === 1
      ? createFollowingClock({ startMs, machine, onStep: (byMs) => onStep(describeStep(byMs)) })
      : createSystemClock({ rate, startMs, machine });
  store.stampWith(key, clock.nowMs);
  return {
    ...clock,
    aheadMs,
    async stop() {
      await store.transact((tx) => tx.put(key, clock.nowMs()));
    },
  };
}

function describeStep(byMs: number): string {
  return byMs > 0
    ? `it went forward by ${describeSpan(byMs)}, set or asleep: shop time goes with it, and what is due happens now`
    : `it was set back by ${describeSpan(-byMs)}: shop time goes on from where it is, a little slower, until the machine's clock has caught up`;
}

/** A length of time for people: `1 day 3 h`, `19 h 37 min`, `45 s`. */
export function describeSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), seconds >= 172_800 ? "days" : "day"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
