// `npm test`: installs and builds where that is needed, runs every test, ends with a line `N passed, N failed`. Works on Node 20.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { answerQuestion, ensureInstalled, nodePath, root, toolEnvironment } from "./install.mjs";

ensureInstalled();
answerQuestion("test");
ensureBuilt();
const cases = resolve(process.env.CONFORMANCE_DIR ?? join(root, "..", "shared", "conformance"));
if (!existsSync(cases))
  console.log(`Published conformance cases are not at ${cases} (CONFORMANCE_DIR): the tests that read them do not run.`);

const folder = mkdtempSync(join(tmpdir(), "serverlesspresso-test-"));
const report = join(folder, "report.json");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
const { status } = spawnSync(nodePath(), [vitest, "run", ...reporters, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: toolEnvironment(),
});
const counts = countTests(report);
rmSync(folder, { recursive: true, force: true });
// A file whose process died is in no report.
if (status !== 0 && counts.failed === 0) counts.failed = 1;

console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`);
process.exit(counts.failed === 0 ? 0 : 1);

/** A file that did not even load counts as one failure; so does a run that left no report. */
function countTests(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(file, "utf8"));
  const broken = testResults.filter(
    (result) => result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped: numPendingTests + numTodoTests };
}
