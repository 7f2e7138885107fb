/** `npm run test:crash -- [ROUNDS] [SEED]`: prints what was acknowledged and what does not hold; ends with 1 where anything does not. */
import { runRounds } from "./rounds.ts";

const rounds = Number(process.argv[2] ?? 300);
const seed = Number(process.argv[3] ?? 1);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  console.error(`usage: npm run test:crash -- [ROUNDS] [SEED]; got "${process.argv.slice(2).join(" ")}", expected whole numbers`);
  process.exit(2);
}
const result = await runRounds({ rounds, seed, report: console.log });
console.log(JSON.stringify({ ...result, violations: result.violations.length }));
process.exit(result.violations.length === 0 ? 0 : 1);
