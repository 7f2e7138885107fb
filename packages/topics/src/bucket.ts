/** How much of something one source may use. */
export interface Allowance {
  /** At once. */
  readonly burst: number;
  /** In the long run. */
  readonly perSecond: number;
}

/** A token bucket. */
export interface Bucket {
  /** Takes `amount`, or nothing and answers false where there is less. */
  take(amount: number): boolean;
}

/** A full one. @param nowMs the time by which it fills again */
export function createBucket({ burst, perSecond }: Allowance, nowMs: () => number): Bucket {
  let left = burst;
  let atMs = nowMs();
  return {
    take(amount) {
      const now = nowMs();
      left = Math.min(burst, left + (Math.max(0, now - atMs) * perSecond) / 1000);
      atMs = now;
      if (left < amount) return false;
      left -= amount;
      return true;
    },
  };
}
