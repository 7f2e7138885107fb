import type { Clock } from "@serverlesspresso/ports";

/** Waits. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.at(clock.nowMs() + ms, resolve));
}
