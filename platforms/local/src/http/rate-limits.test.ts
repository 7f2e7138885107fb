import { createManualClock } from "@serverlesspresso/clock";
import { expect, test } from "vitest";
import { createRateLimits } from "./rate-limits.ts";

const allowance = { burst: 3, perMinute: 6 };

test("a burst passes, then one per refill; callers do not share", async () => {
  const clock = createManualClock();
  const limits = createRateLimits(clock);
  expect([1, 2, 3, 4].map(() => limits.take("a", allowance))).toEqual([0, 0, 0, 10]);
  expect(limits.take("b", allowance)).toBe(0);
  await clock.advance(9_000);
  expect(limits.peek("a", allowance)).toBe(1);
  await clock.advance(1_000);
  expect([limits.peek("a", allowance), limits.take("a", allowance), limits.take("a", allowance)]).toEqual([0, 0, 10]);
});

test("a factor of 0 switches them off", () => {
  const limits = createRateLimits(createManualClock(), 0);
  expect(Array.from({ length: 50 }, () => limits.take("a", allowance))).toEqual(Array(50).fill(0));
});
