import type { JsonObject } from "@serverlesspresso/ports";
import * as statesLanguage from "@serverlesspresso/states-language";
import { afterEach, expect, test } from "vitest";
import { ask, type Harness, openHarness, stateMachineArn } from "./testing.ts";

let h: Harness;
afterEach(() => h.close());

const map = (more: object = {}): JsonObject => ({
  StartAt: "Map",
  States: {
    Map: {
      Type: "Map",
      Label: "Cups",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "In",
        States: { In: ask("-1") },
      },
      End: true,
      ...more,
    },
  },
});

const query = (operation: string, request: JsonObject): JsonObject => h.workflows.query(h.store, operation, request);

function childrenOf(executionArn: string): JsonObject[] {
  const { mapRuns } = query("ListMapRuns", { executionArn }) as { mapRuns: { mapRunArn: string }[] };
  return mapRuns.flatMap(({ mapRunArn }) => query("ListExecutions", { mapRunArn }).executions as JsonObject[]);
}

test("L3: children end with an execution that the engine itself ends", async () => {
  const changes: JsonObject[] = [];
  h = await openHarness(
    { onStatusChange: (_, { detail }) => void changes.push(detail) },
    {
      ...statesLanguage,
      resume: (machine, state, stimulus, env) => {
        if (stimulus.kind === "taskSucceeded") throw new Error("a bug in the engine");
        return statesLanguage.resume(machine, state, stimulus, env);
      },
    },
  );
  await h.define("Maps", map());
  const arn = await h.start("Maps", [1, 2]);
  const [child] = childrenOf(arn);
  const [taskToken] = h.tokens.values();
  await h.execute("SendTaskSuccess", { taskToken: taskToken as string, output: "1" });
  expect(h.describe(arn).status).toBe("FAILED");
  expect(childrenOf(arn).map(({ status }) => status)).toEqual(["ABORTED", "ABORTED"]);
  expect(h.history(child?.executionArn as string).at(-1)).toBe("ExecutionAborted");
  expect(changes.filter(({ status }) => status === "ABORTED")).toHaveLength(2);
  expect(h.errors.splice(0)).toEqual([expect.stringContaining("a bug in the engine")]);
});

test("two runs under one label keep their children apart, in the order of their start", async () => {
  h = await openHarness();
  await h.define("Maps", map());
  const [one, other] = [await h.start("Maps", [1, 2], "one"), await h.start("Maps", [3], "other")];
  const inputs = (arn: string): unknown[] => childrenOf(arn).map(({ executionArn }) => h.describe(executionArn as string).input);
  expect([inputs(one), inputs(other)]).toEqual([["2", "1"], ["3"]]);
  await h.restart();
  expect([inputs(one), inputs(other)]).toEqual([["2", "1"], ["3"]]);
  const { executions } = query("ListExecutions", { stateMachineArn: stateMachineArn("Maps") });
  expect(executions).toHaveLength(2);
});

test("M6: children of a machine that is deleted end with it", async () => {
  h = await openHarness();
  const In = ask("-1", { Next: "Out" });
  const ItemProcessor = {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    StartAt: "In",
    States: { In, Out: { Type: "Pass", End: true } },
  };
  await h.define("Maps", map({ ItemProcessor }));
  const arn = await h.start("Maps", [1, 2]);
  const children = childrenOf(arn);
  await h.execute("DeleteStateMachine", { stateMachineArn: stateMachineArn("Maps") });
  const [taskToken] = h.tokens.values();
  await h.execute("SendTaskSuccess", { taskToken: taskToken as string, output: "1" });
  expect(h.describe(arn).status).toBe("ABORTED");
  expect(children.map(({ executionArn }) => h.describe(executionArn as string).status)).toEqual(["ABORTED", "ABORTED"]);
});
