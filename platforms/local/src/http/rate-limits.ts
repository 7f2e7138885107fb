/**
 * How often callers may ask, and the wait that a refusal names.
 *
 * R1. An allowance of requests protects the machine, so it counts real time, whatever the pace of the shop's clock.
 * R2. What is kept in the store ends on the shop's clock: windows, codes, pauses, lock-outs of the user pool.
 * R3. `Retry-After` says real seconds, as HTTP has it, never too few: a wait of the shop's is divided by the pace of its clock and rounded up.
 */
import type { Clock, RouteResponse } from "@serverlesspresso/ports";

/** How often one caller may do something: `burst` at once, `perMinute` in the long run. */
export interface Allowance {
  readonly burst: number;
  readonly perMinute: number;
}

/** Token buckets in memory. */
export interface RateLimits {
  /** Takes one; returns 0, or the seconds after which one is there again. */
  take(name: string, allowance: Allowance): number;
  /** As `take`, but takes nothing. */
  peek(name: string, allowance: Allowance): number;
}

interface Bucket {
  left: number;
  atMs: number;
}

const mostBuckets = 100_000;

/**
 * @param clock real time (R1)
 * @param factor multiplies every allowance; 0 switches all limits off
 */
export function createRateLimits(clock: Clock, factor = 1): RateLimits {
  const buckets = new Map<string, Bucket>();

  function ask(name: string, allowance: Allowance, cost: number): number {
    if (factor === 0) return 0;
    const scaled = { burst: allowance.burst * factor, perMinute: allowance.perMinute * factor };
    const bucket = refill(name, scaled);
    if (bucket.left < 1) return Math.ceil(((1 - bucket.left) * 60) / scaled.perMinute);
    bucket.left -= cost;
    return 0;
  }

  function refill(name: string, { burst, perMinute }: Allowance): Bucket {
    const nowMs = clock.nowMs();
    const bucket = buckets.get(name) ?? { left: burst, atMs: nowMs };
    bucket.left = Math.min(burst, bucket.left + ((nowMs - bucket.atMs) * perMinute) / 60_000);
    bucket.atMs = nowMs;
    // Moved to the end: those longest unused are let go first.
    buckets.delete(name);
    buckets.set(name, bucket);
    if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value as string);
    return bucket;
  }

  return { take: (name, allowance) => ask(name, allowance, 1), peek: (name, allowance) => ask(name, allowance, 0) };
}

/** Converts an answer's `Retry-After` from the shop's seconds to real ones, which the client waits (R3). */
export function inRealSeconds(response: RouteResponse, clockRate: number): RouteResponse {
  const seconds = response.headers?.["retry-after"];
  if (seconds === undefined || clockRate === 1) return response;
  return { ...response, headers: { ...response.headers, "retry-after": String(Math.ceil(Number(seconds) / clockRate)) } };
}
