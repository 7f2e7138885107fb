import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { notRun } from "../test/support/not-run.ts";
import { casesFolder, hasCases, suites } from "./suites.ts";

const missing = hasCases ? undefined : `there are no cases at ${casesFolder} (CONFORMANCE_DIR)`;
describe.runIf(hasCases)(`the suites recorded on AWS${notRun(missing)}`, () => {
  test.each(suites)("$name: every outcome is right", { timeout: 300_000 }, ({ adapter, grader }) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [grader, "--adapter", `"${process.execPath}" "${adapter}"`], {
      encoding: "utf8",
    });
    const lines = stdout.trimEnd().split("\n");
    expect({ status, summary: lines.at(-1), detail: status === 0 ? "" : lines.slice(-60).join("\n") + stderr }).toEqual({
      status: 0,
      summary: expect.stringMatching(/^(\d+) of \1 /),
      detail: "",
    });
  });
});
