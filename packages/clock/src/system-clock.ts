import type { Clock } from "@serverlesspresso/ports";

/** `setTimeout` counts in 32 bits: a delay beyond 24.8 days fires at once. We wake at least daily and look again. */
const longestDelayMs = 86_400_000;

/**
 * The machine's time, `rate` times as fast from the moment of making.
 * @param rate seconds that pass here in one real second; 1 or more, or a fraction
 * @param startMs the instant at which a clock with another rate than 1 begins; later than now after a faster run
 */
export function createSystemClock({ rate = 1, startMs = 0 }: { readonly rate?: number; readonly startMs?: number } = {}): Clock {
  if (!(rate > 0) || !Number.isFinite(rate)) throw new RangeError(`clock rate is ${rate}, expected a number above 0`);
  const begunReal = performance.now();
  const begunMs = Math.max(Date.now(), startMs);
  // The monotonic clock carries it on, so that a step of the wall clock moves no deadline.
  const nowMs = (): number => Math.floor(begunMs + (performance.now() - begunReal) * rate);
  return {
    nowMs,
    at(atMs, fn) {
      let timer: NodeJS.Timeout | undefined;
      const arm = (): void => {
        const leftMs = (atMs - nowMs()) / rate;
        timer = setTimeout(() => (nowMs() >= atMs ? fn() : arm()), Math.min(Math.max(Math.ceil(leftMs), 0), longestDelayMs));
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
