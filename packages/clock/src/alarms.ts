import type { Clock } from "@serverlesspresso/ports";
import type { Machine } from "./machine.ts";

/** `setTimeout` counts in 32 bits: a delay beyond 24.8 days fires at once. We wake at least daily and look again. */
const longestDelayMs = 86_400_000;

/** What is to be called by a clock, over the machine's own timers. */
export interface Alarms {
  readonly at: Clock["at"];
  /** How many stand out. */
  count(): number;
  /** Looks at the clock again for each: its time went on otherwise than the machine's timers count. */
  rearm(): void;
}

interface Alarm {
  readonly atMs: number;
  readonly fn: () => void;
  cancel: () => void;
}

/** Alarms of a clock that says `nowMs` and runs `rate` times as fast as the machine's timers. */
export function createAlarms(machine: Machine, nowMs: () => number, rate: number): Alarms {
  const alarms = new Set<Alarm>();

  function arm(alarm: Alarm): void {
    const leftMs = Math.max(Math.ceil((alarm.atMs - nowMs()) / rate), 0);
    alarm.cancel = machine.after(Math.min(leftMs, longestDelayMs), () => {
      if (nowMs() < alarm.atMs) return arm(alarm);
      alarms.delete(alarm);
      alarm.fn();
    });
  }

  return {
    at(atMs, fn) {
      if (Number.isNaN(atMs)) throw new RangeError("an alarm is set at NaN, expected an instant in ms");
      const alarm: Alarm = { atMs, fn, cancel: () => {} };
      alarms.add(alarm);
      arm(alarm);
      return () => {
        alarm.cancel();
        alarms.delete(alarm);
      };
    },
    count: () => alarms.size,
    rearm() {
      for (const alarm of alarms) {
        alarm.cancel();
        arm(alarm);
      }
    },
  };
}
