import type { Clock } from "@serverlesspresso/ports";
import { createAlarms } from "./alarms.ts";
import { type Machine, thisMachine } from "./machine.ts";

/** How a clock that runs by itself begins. */
export interface SystemClockOptions {
  /** Seconds that pass here in one real second; 1 or more, or a fraction. */
  readonly rate?: number;
  /** The instant at which it begins where that is later than now: after a faster run. */
  readonly startMs?: number;
  readonly machine?: Machine;
}

/**
 * The machine's time at the moment of making, carried on by the monotonic clock alone, `rate` times as fast: a wall clock that is set
 * moves no deadline. For durations of real work, and for shops on a faster clock.
 */
export function createSystemClock({ rate = 1, startMs = 0, machine = thisMachine }: SystemClockOptions = {}): Clock {
  if (!(rate > 0) || !Number.isFinite(rate)) throw new RangeError(`clock rate is ${rate}, expected a number above 0`);
  const begunReal = machine.monotonicMs();
  const begunMs = Math.max(machine.wallMs(), startMs);
  const nowMs = (): number => Math.floor(begunMs + (machine.monotonicMs() - begunReal) * rate);
  return { nowMs, at: createAlarms(machine, nowMs, rate).at };
}
