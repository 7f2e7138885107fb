/** `npm run test:power-cut -- [IMAGES] [SEED]`: prints what was acknowledged and what a cut lost; ends with 1 where anything was. */
import { cannotRun, cutPower } from "./suite.ts";

const [images = 300, seed = 1] = process.argv.slice(2).map(Number);
if (!Number.isInteger(images) || images < 1 || !Number.isInteger(seed)) {
  console.error(`usage: npm run test:power-cut -- [IMAGES] [SEED]; got "${process.argv.slice(2).join(" ")}", expected whole numbers`);
  process.exit(2);
}
const reason = cannotRun();
if (reason !== undefined) {
  console.error(`The power-cut suite cannot run here: ${reason}.`);
  process.exit(2);
}
const result = await cutPower({ images, seed, report: console.log });
for (const violation of result.violations) console.log(violation);
console.log(JSON.stringify({ ...result, violations: result.violations.length }));
process.exit(result.violations.length === 0 ? 0 : 1);
