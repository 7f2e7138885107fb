// `npm run check`: format and lint, types, unused code, tests. Runs them all, then says which failed. `-- --no-tests` leaves out the tests
// that run the product, and runs those that only read its sources (test/source-checks.ts). Works on Node 20.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { answerQuestion, ensureInstalled, nodePath, root, toolEnvironment } from "./install.mjs";

ensureInstalled();
answerQuestion("check");
const tool = (name) => join(root, "node_modules", ".bin", name);
const steps = [
  { name: "format and lint", command: tool("biome"), args: ["check", "."] },
  { name: "types", command: tool("tsc"), args: ["--noEmit", "-p", "."] },
  ...(existsSync(join(root, "apps", "tsconfig.json"))
    ? [{ name: "types of the apps", command: tool("tsc"), args: ["--noEmit", "-p", "apps"] }]
    : []),
  { name: "unused code", command: tool("knip"), args: ["--no-config-hints"] },
  process.argv.includes("--no-tests")
    ? { name: "checks of the sources", command: tool("vitest"), args: ["run", "--project=sources", "--reporter=dot"] }
    : { name: "tests", command: nodePath(), args: ["tools/test.mjs"] },
];
const failed = steps.filter(({ name, command, args }) => {
  console.log(`\n== ${name}`);
  return spawnSync(command, args, { cwd: root, stdio: "inherit", env: toolEnvironment() }).status !== 0;
});
if (failed.length > 0) console.error(`\ncheck failed: ${failed.map(({ name }) => name).join(", ")}`);
process.exit(failed.length === 0 ? 0 : 1);
