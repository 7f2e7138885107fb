import fc from "fast-check";
import { expect, test } from "vitest";
import { awsRetryDefaults, decideRetry } from "./retry-policy.ts";

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("pauses grow to the longest, never come early, and end with attempts or age", () => {
  fc.assert(
    fc.property(fc.nat({ max: 200 }), fc.nat({ max: 90_000_000 }), chance, (retries, ageMs, random) => {
      const failure = { error: new Error("x"), retries, ingestedMs: 1_000, nowMs: 1_000 + ageMs };
      const verdict = decideRetry({}, awsRetryDefaults, failure, { random: () => random });
      const fullMs = Math.min(480_000, 1_000 * 2 ** retries);
      if (retries >= 185) expect(verdict).toEqual({ kind: "giveUp", condition: "MaximumRetryAttempts" });
      else if (verdict.kind === "retry") expect(verdict.atMs - failure.nowMs).toBeGreaterThanOrEqual(fullMs / 2);
      else expect([verdict.condition, ageMs >= 86_400_000 - fullMs]).toEqual(["MaximumEventAgeInSeconds", true]);
      if (verdict.kind === "retry") expect(verdict.atMs - failure.nowMs).toBeLessThanOrEqual(fullMs);
    }),
  );
});

test("a whole day is enough for all of AWS's attempts", () => {
  let nowMs = 0;
  for (let retries = 0; ; retries++) {
    const verdict = decideRetry({}, awsRetryDefaults, { error: new Error("x"), retries, ingestedMs: 0, nowMs }, { random: () => 0.9 });
    if (verdict.kind === "giveUp") {
      expect([verdict.condition, retries]).toEqual(["MaximumRetryAttempts", 185]);
      return;
    }
    nowMs = verdict.atMs;
  }
});
