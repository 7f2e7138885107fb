/** `npm run test:crash -- [ROUNDS] [SEED]`: prints what was acknowledged and what does not hold; ends with 1 where anything does not. */
import { runCommand, testCrash } from "@serverlesspresso/commands";
import { runRounds } from "./rounds.ts";

await runCommand(testCrash, async ({ values: { rounds, seed } }) => {
  const result = await runRounds({ rounds, seed, report: console.log });
  console.log(JSON.stringify({ ...result, violations: result.violations.length }));
  process.exit(result.violations.length === 0 ? 0 : 1);
});
