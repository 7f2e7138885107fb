/** What the price counts is what the stacks make. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runtimeFunctions } from "../src/runtime/functions.ts";
import { durationMs, memoryMb, usualDeployment } from "./deployment.ts";
import { fixedUsage } from "./standing.ts";

const summary = readFileSync(join(import.meta.dirname, "../test/stacks.summary.txt"), "utf8");
const countOf = (type: string): number =>
  [...summary.matchAll(new RegExp(`^ *(\\d+) ${type.replaceAll(":", "\\:")}$`, "gm"))].reduce((sum, [, count]) => sum + Number(count), 0);

test("alarms, dashboards and keys are those of the stacks", () => {
  const fixed = fixedUsage(usualDeployment);
  expect({ alarms: fixed["cloudwatch.alarm"], dashboards: fixed["cloudwatch.dashboard"], keys: usualDeployment.kmsKeys }).toEqual({
    alarms: countOf("AWS::CloudWatch::Alarm"),
    dashboards: countOf("AWS::CloudWatch::Dashboard"),
    keys: countOf("AWS::KMS::Key"),
  });
});

test("every function that runs in Lambda has a duration and a memory", () => {
  for (const { name } of runtimeFunctions)
    expect([name, durationMs(name, usualDeployment) > 0, memoryMb(name, usualDeployment) >= 128]).toEqual([name, true, true]);
});
