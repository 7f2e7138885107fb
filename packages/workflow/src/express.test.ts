import type { JsonObject } from "@serverlesspresso/ports";
import { keyOf } from "@serverlesspresso/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, type Harness, openHarness, stateMachineArn, task } from "./testing.ts";

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
});
afterEach(async () => {
  const { errors } = h;
  await h.close();
  expect(errors).toEqual([]);
});

const sync = (name: string, input: unknown = {}): Promise<JsonObject> =>
  h.workflows.startSyncExecution({ stateMachineArn: stateMachineArn(name), input: JSON.stringify(input) });

const resume = {
  StartAt: "Count",
  States: {
    Count: task("test:count", { name: "before" }, { ResultPath: "$.count", Next: "Resume" }),
    Resume: task(
      "aws-sdk:sfn:sendTaskSuccess",
      { "TaskToken.$": "$.token", Output: '{"drink":"Latte"}' },
      {
        Catch: [
          { ErrorEquals: ["Sfn.TaskTimedOutException", "Sfn.InvalidTokenException"], ResultPath: "$.error", Next: "Too late" },
          { ErrorEquals: ["States.ALL"], Next: "Broken" },
        ],
        ResultPath: "$.resumed",
        Next: "Fact",
      },
    ),
    Fact: task("test:count", { name: "fact" }, { ResultPath: "$.fact", End: true }),
    "Too late": { Type: "Pass", End: true },
    Broken: { Type: "Fail", Error: "Broken" },
  },
};

test("Y1: update, resumption of another execution and its steps, and the fact are one commit", async () => {
  await h.define("Order", { StartAt: "Ask", States: { Ask: ask("", { Next: "Draw" }), Draw: task("test:count", { name: "number" }) } });
  await h.define("Manager", resume, "EXPRESS");
  const order = await h.start("Order", {}, "a");
  let commits = 0;
  const { transact } = h.store;
  Object.assign(h.store, {
    transact: (fn: Parameters<typeof transact>[0]) => {
      commits++;
      return transact(fn);
    },
  });
  const answer = await sync("Manager", { token: h.tokens.get("a") });
  expect(commits).toBe(1);
  expect(answer).toMatchObject({ status: "SUCCEEDED", stateMachineArn: stateMachineArn("Manager") });
  expect(answer.executionArn).toMatch(/^arn:aws:states:us-east-1:123456789012:express:Manager:[^:]+:[^:]+$/);
  expect(h.describe(order).status).toBe("SUCCEEDED");
  expect(["before", "fact", "number"].map((name) => h.store.get(keyOf("test", name)))).toEqual([1, 1, 1]);
  expect(h.logs.at(0)).toBe("ExecutionStarted");
  expect(h.logs.at(-1)).toBe("ExecutionSucceeded");
});

test("X3: a token that is used up, overdue or false is the integration's error at once", async () => {
  await h.define("Order", { StartAt: "Ask", States: { Ask: ask("", { TimeoutSeconds: 300, End: true }) } });
  await h.define("Manager", resume, "EXPRESS");
  await h.start("Order", {}, "a");
  await h.start("Order", {}, "b");
  expect((await sync("Manager", { token: h.tokens.get("a") })).status).toBe("SUCCEEDED");
  const again = await sync("Manager", { token: h.tokens.get("a") });
  expect(JSON.parse(again.output as string).error.Error).toBe("Sfn.TaskTimedOutException");
  h.workflows.stop();
  await h.clock.advance(300_000);
  const overdue = await sync("Manager", { token: h.tokens.get("b") });
  expect(JSON.parse(overdue.output as string).error.Error).toBe("Sfn.TaskTimedOutException");
  const wrong = await sync("Manager", { token: "AAAA" });
  expect(JSON.parse(wrong.output as string).error.Error).toBe("Sfn.InvalidTokenException");
});

test("Y2: it goes on after work outside, and after waits", async () => {
  const fn = "arn:aws:lambda:us-east-1:123456789012:function:double";
  h.functions.set(fn, async (payload) => ({ payload: { double: (payload as { n: number }).n * 2 } }));
  await h.define(
    "Mixed",
    {
      StartAt: "Call",
      States: {
        Call: { Type: "Task", Resource: fn, Next: "Wait" },
        Wait: { Type: "Wait", Seconds: 3, Next: "Count" },
        Count: task("test:count", { name: "after" }, { ResultPath: "$.count", End: true }),
      },
    },
    "EXPRESS",
  );
  const running = sync("Mixed", { n: 21 });
  await h.clock.advance(2_000);
  expect(h.store.get(keyOf("test", "after"))).toBeUndefined();
  await h.clock.advance(2_000);
  expect(JSON.parse((await running).output as string)).toEqual({ double: 42, count: { value: 1 } });
});

test("an Express execution that goes on for ever ends after five minutes", async () => {
  const states = {
    A: { Type: "Pass", Next: "B" },
    B: { Type: "Wait", Seconds: 10, Next: "C" },
    C: { Type: "Choice", Choices: [{ Variable: "$.enough", IsPresent: true, Next: "End" }], Default: "A" },
    End: { Type: "Succeed" },
  };
  await h.define("Forever", { StartAt: "A", States: states }, "EXPRESS");
  const running = sync("Forever");
  await h.execute("StartExecution", { stateMachineArn: stateMachineArn("Forever") });
  await h.clock.advance(301_000);
  expect(await running).toMatchObject({ status: "TIMED_OUT", error: "States.Timeout" });
  expect(h.store.scan({ start: "x", end: "y" }).filter(([key]) => /^x[rwc]/.test(key))).toEqual([]);
});

test("an asynchronous Express execution goes on after a crash, and leaves nothing", async () => {
  const states = { Wait: { Type: "Wait", Seconds: 60, Next: "Count" }, Count: task("test:count", { name: "async" }) };
  await h.define("Later", { StartAt: "Wait", States: states }, "EXPRESS");
  await h.execute("StartExecution", { stateMachineArn: stateMachineArn("Later") });
  await h.restart();
  await h.clock.advance(61_000);
  expect(h.store.get(keyOf("test", "async"))).toBe(1);
  expect(h.store.scan({ start: "x", end: "y" }).filter(([key]) => /^x[rwcnh]/.test(key))).toEqual([]);
});

test("refuses a Standard machine", async () => {
  await h.define("Order", { StartAt: "A", States: { A: { Type: "Succeed" } } });
  await expect(sync("Order")).rejects.toMatchObject({ code: "StateMachineTypeNotSupported" });
  await expect(sync("None")).rejects.toMatchObject({ code: "StateMachineDoesNotExist" });
});

test("a synchronous execution is told once, whole, at its end", async () => {
  const told: string[][] = [];
  await h.close();
  h = await openHarness({ log: ({ events }) => told.push(events.map(({ type }) => type)) });
  const brew = { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:brew" };
  await h.define("Brew", { StartAt: "One", States: { One: { ...brew, Next: "Two" }, Two: { ...brew, End: true } } }, "EXPRESS");
  h.functions.set(brew.Resource, async () => ({ payload: {} }));
  expect((await sync("Brew")).status).toBe("SUCCEEDED");
  expect(told).toEqual([expect.arrayContaining(["ExecutionStarted", "TaskStateEntered", "LambdaFunctionSucceeded", "ExecutionSucceeded"])]);
  expect(told[0]?.filter((type) => type === "TaskStateEntered")).toHaveLength(2);
});
