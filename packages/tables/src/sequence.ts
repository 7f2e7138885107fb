import type { Clock } from "@serverlesspresso/ports";

/** Sequence numbers of stream records: decimal, ascending as numbers and as texts while the process runs and after it. */
export function createSequence(clock: Clock): () => string {
  let lastMs = 0;
  let count = 0;
  return () => {
    const nowMs = Math.max(clock.nowMs(), lastMs);
    count = nowMs === lastMs ? count + 1 : 0;
    lastMs = nowMs;
    return `1${String(nowMs).padStart(15, "0")}${String(count).padStart(8, "0")}`;
  };
}
