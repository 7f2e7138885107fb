import type { Clock } from "@serverlesspresso/ports";

/**
 * The machine's time. Between two invocations the machine stands still, and with it every clock that counts from its start;
 * so each reading is the wall's own, and never earlier than the one before.
 */
export function createWallClock(): Clock {
  let lastMs = 0;
  const nowMs = (): number => {
    lastMs = Math.max(lastMs, Date.now());
    return lastMs;
  };
  return {
    nowMs,
    at(atMs, fn) {
      const timer = setTimeout(fn, Math.max(0, atMs - nowMs()));
      return () => clearTimeout(timer);
    },
  };
}
