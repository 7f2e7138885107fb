import type { Clock } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { keys, partsOfId } from "./keys.ts";

const mostKnown = 1_000;

/** The instant at which an execution starts: now, or a millisecond after the one before (X1). */
export type StartClock = (view: ReadView, machine: string) => number;

/** Returns the clock that gives each start of a state machine an instant of its own. */
export function createStartClock(clock: Clock): StartClock {
  const latest = new Map<string, number>();
  const stored = (view: ReadView, machine: string): number => {
    const last = [keys.runningOf(machine), keys.closedOf(machine)].flatMap((range) => view.keys(range, { reverse: true, limit: 1 }));
    return Math.max(0, ...last.map((key) => partsOfId(keys.idOf(key)).startMs));
  };
  return (view, machine) => {
    const startMs = Math.max(clock.nowMs(), (latest.get(machine) ?? stored(view, machine)) + 1);
    // Children of Maps without a label run under a name of their own each time.
    if (latest.size >= mostKnown) latest.clear();
    latest.set(machine, startMs);
    return startMs;
  };
}
