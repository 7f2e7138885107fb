// `npm test`: installs and builds where that is needed, runs every test, ends with what was left out here and a line `N passed, N failed`.
// `npm run test:quick` runs those alone that start no server, no browser and no process. Works on Node 20.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { answerQuestion, ensureInstalled, nodePath, root, toolEnvironment } from "./install.mjs";

const isQuick = process.argv[2] === "--quick";
const more = process.argv.slice(isQuick ? 3 : 2);
ensureInstalled();
answerQuestion(isQuick ? "test:quick" : "test");
if (!isQuick) ensureBuilt();

const folder = mkdtempSync(join(tmpdir(), "serverlesspresso-test-"));
const file = join(folder, "report.json");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
const { status } = spawnSync(nodePath(), [vitest, "run", ...(isQuick ? ["--project=quick"] : []), ...reporters, ...more], {
  cwd: root,
  stdio: "inherit",
  env: toolEnvironment(),
});
const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
rmSync(folder, { recursive: true, force: true });

const counts = countTests(report);
// A file whose process died is in no report.
if (status !== 0 && counts.failed === 0) counts.failed = 1;
const leftOut = listLeftOut(report);
if (leftOut.length > 0) console.log(`Left out here:\n${leftOut.map((line) => `  ${line}`).join("\n")}`);
console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`);
process.exit(counts.failed === 0 ? 0 : 1);

/** A file that did not even load counts as one failure; so does a run that left no report. */
function countTests(report) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report;
  const broken = testResults.filter(
    (result) => result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped: numPendingTests + numTodoTests };
}

/** One line for each file and reason; the reason stands in the tests' titles. */
function listLeftOut(report) {
  const counts = new Map();
  for (const { name, assertionResults } of report?.testResults ?? []) {
    for (const { status, fullName } of assertionResults) {
      const reason = status === "passed" ? undefined : /\(not run: (.*?)\)(?:$| )/.exec(fullName)?.[1];
      if (reason === undefined) continue;
      const line = `${relative(root, name)}: ${reason}`;
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
  }
  return [...counts].map(([line, count]) => `${line} (${count} ${count === 1 ? "test" : "tests"})`);
}
