import { expect, test } from "vitest";
import { runRounds } from "./rounds.ts";

const rounds = Number(process.env.CRASH_ROUNDS ?? 20);

test(`${rounds} rounds of load and kill -9 lose nothing, double nothing, leave nothing behind`, { timeout: rounds * 45_000 }, async () => {
  const result = await runRounds({ rounds, seed: 2026 });
  expect(result.violations).toEqual([]);
  // The load must have been one: every journey that load can bring about was played.
  expect(Object.keys(result.byState).sort()).toEqual(["CANCELLED", "COMPLETED", "REFUSED", "TIMEDOUT"]);
  console.log(`crash rounds: ${JSON.stringify({ ...result, violations: 0 })}`);
});
