/**
 * A clock that follows the machine's wall clock and never goes back.
 *
 * F1. A difference of less than a second is slewed: this clock runs 2 ms a second faster or slower until it is gone.
 * F2. Where the wall clock is a second or more ahead (it was set forward, or the machine slept), this clock goes there at once, and what
 *     is due by then fires within a second.
 * F3. Where the wall clock is behind, this clock goes on from where it is, 2 ms a second slower, until the other has caught up.
 * F4. A step of the wall clock of a second or more is reported once.
 */
import type { Clock } from "@serverlesspresso/ports";
import { createAlarms } from "./alarms.ts";
import { type Machine, thisMachine } from "./machine.ts";

/** How a following clock begins. */
export interface FollowingClockOptions {
  /** The instant at which it begins where that is later than now: it has been said before. */
  readonly startMs?: number;
  readonly machine?: Machine;
  /** Called with each step of the wall clock in ms; negative if it was set back (F4). */
  readonly onStep?: (byMs: number) => void;
}

const leastStepMs = 1_000;
const slew = 0.002;
const lookEveryMs = 1_000;

/** The clock; see F1 to F4. */
export function createFollowingClock({ startMs = 0, machine = thisMachine, onStep = () => {} }: FollowingClockOptions = {}): Clock {
  let wallMs = machine.wallMs();
  let monotonicMs = machine.monotonicMs();
  let ownMs = Math.max(wallMs, startMs);
  let isWatching = false;
  const alarms = createAlarms(machine, nowMs, 1);

  function nowMs(): number {
    const passedMs = machine.monotonicMs() - monotonicMs;
    const lastMs = wallMs;
    wallMs = machine.wallMs();
    const stepMs = wallMs - lastMs - passedMs;
    monotonicMs += passedMs;
    ownMs += passedMs;
    const behindMs = wallMs - ownMs;
    if (behindMs >= leastStepMs) {
      ownMs = wallMs;
      alarms.rearm();
    } else ownMs += Math.sign(behindMs) * Math.min(Math.abs(behindMs), passedMs * slew);
    if (Math.abs(stepMs) >= leastStepMs) onStep(Math.round(stepMs));
    return Math.floor(ownMs);
  }

  /** The machine's timers do not count while it sleeps, so as long as something waits we look every second. */
  function watch(): void {
    if (isWatching) return;
    isWatching = true;
    const look = (): void => {
      nowMs();
      isWatching = alarms.count() > 0;
      if (isWatching) machine.after(lookEveryMs, look, "idle");
    };
    machine.after(lookEveryMs, look, "idle");
  }

  return {
    nowMs,
    at(atMs, fn) {
      watch();
      return alarms.at(atMs, fn);
    },
  };
}
