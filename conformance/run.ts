/** `npm run conformance`: runs every published suite through its grader and prints the grader's table. Ends with 1 where any case fails. */
import { spawnSync } from "node:child_process";
import { conformance, runCommand, UsageError } from "@serverlesspresso/commands";
import { casesFolder, hasCases, suites } from "./suites.ts";

await runCommand(conformance, ({ passedOn }) => {
  if (!hasCases) throw new UsageError(`No conformance cases at ${casesFolder}; set CONFORMANCE_DIR to the folder that holds them.`);
  let failed = 0;
  for (const { name, adapter, grader } of suites) {
    console.log(`\n${name}`);
    const { status } = spawnSync(process.execPath, [grader, "--adapter", `"${process.execPath}" "${adapter}"`, ...passedOn], {
      stdio: "inherit",
    });
    if (status !== 0) failed++;
  }
  process.exitCode = failed === 0 ? 0 : 1;
});
