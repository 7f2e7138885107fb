/** F1, F2, H3: executions that have ended are packed, read as before, and forgotten whole in the end; none that runs is. */
import { afterEach, expect, test } from "vitest";
import { kinds } from "./record-kinds.ts";
import { ask, type Harness, openHarness, stateMachineArn } from "./testing.ts";

const day = 86_400_000;
let h: Harness;
afterEach(async () => {
  expect(h.errors).toEqual([]);
  await h.close();
});

const counts = (): Record<string, number> =>
  Object.fromEntries(
    (["closed", "names", "histories", "blocks", "stood", "mapRuns", "mapRunPlaces", "running"] as const).map((kind) => [
      kind,
      h.store.keys(kinds[kind].range()).length,
    ]),
  );
const map = {
  StartAt: "Map",
  States: {
    Map: {
      Type: "Map",
      Label: "Cups",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "In",
        States: { In: { Type: "Pass", End: true } },
      },
      Next: "Fail",
    },
    Fail: { Type: "Fail" },
  },
} as const;

test("histories are read out of blocks as before, and a redrive goes on after one", async () => {
  h = await openHarness({ retentionDays: 90 });
  await h.define("Map", map);
  const arns: string[] = [];
  for (let n = 0; n < 12; n++) arns.push(await h.start("Map", [n]));
  await h.clock.advance(0);
  const before = arns.map((arn) => h.history(arn));
  await h.clock.advance(2 * 3_600_000);
  expect(counts()).toMatchObject({ closed: 24, histories: 0, blocks: 2 });
  expect(arns.map((arn) => h.history(arn))).toEqual(before);
  await h.execute("RedriveExecution", { executionArn: arns[3] as string });
  await h.clock.advance(0);
  await h.restart();
  const types = h.history(arns[3] as string);
  expect(types.slice(0, before[3]?.length)).toEqual(before[3]);
  expect(types.at(-1)).toBe("ExecutionFailed");
  expect(types).toContain("ExecutionRedriven");
  expect(arns.map((arn) => h.describe(arn).input)).toEqual(arns.map((_, n) => `[${n}]`));
});

test("an execution is forgotten whole 90 days after its end, one that runs never, and its name may be used again", async () => {
  h = await openHarness({ retentionDays: 90 });
  await h.define("Map", map);
  await h.define("Ask", { StartAt: "Ask", States: { Ask: ask("", { TimeoutSeconds: 90_000_000, End: true }) } });
  const old = await h.start("Ask", {}, "old");
  for (let n = 0; n < 9; n++) await h.start("Map", [n], `map-${n}`);
  // The upkeep of the next start stands for the hourly one: a test need not play three months of it.
  await h.restart(() => h.clock.advance(89.9 * day));
  await h.clock.advance(1_000);
  expect(counts()).toMatchObject({ closed: 18, names: 19, blocks: 2, running: 1, stood: 9, mapRuns: 9 });
  await h.start("Map", [9], "later");
  await h.restart(() => h.clock.advance(0.2 * day));
  await h.clock.advance(1_000);
  expect(counts()).toEqual({ closed: 2, names: 3, histories: 3, blocks: 0, stood: 1, mapRuns: 1, mapRunPlaces: 1, running: 1 });
  expect(h.describe(old).status).toBe("RUNNING");
  const { executions } = h.workflows.query(h.store, "ListExecutions", { stateMachineArn: stateMachineArn("Map") });
  expect(executions).toHaveLength(1);
  await h.start("Map", [0], "map-0");
});
