/** `npm run test:power-cut -- [IMAGES] [SEED]`: prints what was acknowledged and what a cut lost; ends with 1 where anything was. */
import { runCommand, testPowerCut, UsageError } from "@serverlesspresso/commands";
import { cannotRun, cutPower } from "./suite.ts";

await runCommand(testPowerCut, async ({ values: { images, seed } }) => {
  const reason = cannotRun();
  if (reason !== undefined) throw new UsageError(`The power-cut suite cannot run here: ${reason}.`);
  const result = await cutPower({ images, seed, report: console.log });
  for (const violation of result.violations) console.log(violation);
  console.log(JSON.stringify({ ...result, violations: result.violations.length }));
  process.exit(result.violations.length === 0 ? 0 : 1);
});
