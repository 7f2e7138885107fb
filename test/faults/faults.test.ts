/** Each planted fault makes the suite that guards against it fail. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cannotRun } from "../power-cut/suite.ts";
import { type Plant, plants } from "./plants.ts";

const root = join(import.meta.dirname, "../..");
const vitest = join(root, "node_modules/vitest/vitest.mjs");

// Where the power-cut suite cannot run, it catches nothing either; it says why itself.
const catchable = plants.filter(({ suite }) => suite !== "test/power-cut/power-cut.test.ts" || cannotRun() === undefined);
test.each(catchable.map((plant) => [plant.fault, plant] as const))("%s: caught", { timeout: 180_000 }, async (_, plant) => {
  const { planted, failed, output } = await runPlanted(plant);
  expect(planted, output).toEqual([...new Set(plant.edits.map(({ file }) => file))].sort());
  expect(failed, `nothing failed:\n${output}`).toBeGreaterThan(0);
});

/** Runs the plant's suite in a process of its own. */
async function runPlanted({ fault, suite, tests }: Plant): Promise<{ planted: string[]; failed: number; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "planted-"));
  const [notes, report] = [join(folder, "notes"), join(folder, "report.json")];
  const config = join(import.meta.dirname, "vitest.planted.config.ts");
  const only = tests === undefined ? [] : ["-t", tests];
  const child = spawn(
    process.execPath,
    [vitest, "run", suite, "--config", config, ...only, "--bail=1", "--reporter=json", `--outputFile=${report}`],
    {
      cwd: root,
      env: { ...process.env, PLANT: fault, PLANT_NOTES: notes, VITEST: undefined, VITEST_WORKER_ID: undefined },
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  await new Promise((resolve) => child.once("close", resolve));
  const planted = existsSync(notes) ? [...new Set(readFileSync(notes, "utf8").trim().split("\n"))].sort() : [];
  const failed = existsSync(report) ? (JSON.parse(readFileSync(report, "utf8")) as { numFailedTests: number }).numFailedTests : 0;
  rmSync(folder, { recursive: true, force: true });
  return { planted, failed, output };
}
