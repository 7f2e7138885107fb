import { expect, test } from "vitest";
import { runRounds } from "./rounds.ts";

const rounds = Number(process.env.CRASH_ROUNDS ?? 10);

test(`${rounds} rounds of load and kill -9 lose nothing, double nothing, leave nothing behind`, { timeout: rounds * 45_000 }, async () => {
  const result = await runRounds({ rounds, seed: 2026 });
  expect(result.violations).toEqual([]);
  expect(result.leastAcknowledged).toBeGreaterThanOrEqual(40);
  console.log(`crash rounds: ${JSON.stringify({ ...result, violations: 0 })}`);
});
