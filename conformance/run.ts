/** `npm run conformance`: runs every published suite through its grader and prints the grader's table. Ends with 1 where any case fails. */
import { spawnSync } from "node:child_process";
import { casesFolder, hasCases, suites } from "./suites.ts";

if (!hasCases) {
  console.error(`No conformance cases at ${casesFolder}; set CONFORMANCE_DIR to the folder that holds them.`);
  process.exit(2);
}
let failed = 0;
for (const { name, adapter, grader } of suites) {
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, [grader, "--adapter", `"${process.execPath}" "${adapter}"`, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
