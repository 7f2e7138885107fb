import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Evaluation } from "@serverlesspresso/states-language";
import * as statesLanguage from "@serverlesspresso/states-language";
import { keyOf } from "@serverlesspresso/store";
import { afterEach, expect, test } from "vitest";
import { TaskError } from "./errors.ts";
import { ask, type Harness, openHarness, stateMachineArn, task } from "./testing.ts";
import { insider } from "./workflows.ts";

let h: Harness;
let expected: unknown[] = [];
afterEach(async () => {
  const { errors } = h;
  await h.close();
  expect(errors).toEqual(expected);
  expected = [];
});

const fn = "arn:aws:lambda:us-east-1:123456789012:function:work";
const callWork = { Type: "Task", Resource: fn, End: true };

test("A1: a call is made again after a crash, and its late first result changes nothing", async () => {
  h = await openHarness();
  const finish: ((value: JsonValue) => void)[] = [];
  h.functions.set(fn, () => new Promise((resolve) => finish.push((payload) => resolve({ payload }))));
  await h.define("Work", { StartAt: "Call", States: { Call: callWork } });
  const arn = await h.start("Work", { n: 1 });
  expect(finish).toHaveLength(1);
  await h.restart();
  expect(finish).toHaveLength(2);
  finish[1]?.("second");
  await h.clock.advance(0);
  finish[0]?.("first");
  await h.clock.advance(0);
  expect(h.describe(arn)).toMatchObject({ status: "SUCCEEDED", output: '"second"' });
  await h.restart();
  expect(finish).toHaveLength(2);
});

test("a function's failure is its errorType; a missing function and lambda:invoke answer as Lambda does", async () => {
  h = await openHarness();
  const error = { errorType: "SoldOut", errorMessage: "no beans" };
  h.functions.set(fn, async () => ({ functionError: "Unhandled", payload: error }));
  h.functions.set("echo", async (payload) => ({ payload }));
  await h.define("Fails", { StartAt: "Call", States: { Call: callWork } });
  await h.define("Missing", { StartAt: "Call", States: { Call: { ...callWork, Resource: `${fn}-no` } } });
  await h.define("Invoke", { StartAt: "Call", States: { Call: task("lambda:invoke", { FunctionName: "echo", "Payload.$": "$" }) } });
  await h.define("Text", { StartAt: "Call", States: { Call: task("lambda:invoke", { FunctionName: "echo", Payload: '{"b":2}' }) } });
  const [failed, missing, invoked] = [await h.start("Fails"), await h.start("Missing"), await h.start("Invoke", { a: 1 })];
  const text = await h.start("Text");
  await h.clock.advance(0);
  expect(h.describe(failed)).toMatchObject({ status: "FAILED", error: "SoldOut", cause: JSON.stringify(error) });
  expect(h.describe(missing)).toMatchObject({ status: "FAILED", error: "Lambda.ResourceNotFoundException" });
  expect(JSON.parse(h.describe(invoked).output as string)).toMatchObject({ Payload: { a: 1 }, StatusCode: 200 });
  expect(JSON.parse(h.describe(text).output as string)).toMatchObject({ Payload: { b: 2 } });
});

test("a call whose time is over is told so, and the execution goes on", async () => {
  h = await openHarness();
  let aborted = false;
  h.integrations["test:slow"] = {
    kind: "external",
    call: (_, signal) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          aborted = true;
          reject(new TaskError("Test.Aborted", ""));
        }),
      ),
  };
  await h.define("Slow", { StartAt: "Call", States: { Call: task("test:slow", {}, { TimeoutSeconds: 5, End: true }) } });
  const arn = await h.start("Slow");
  await h.clock.advance(5_000);
  expect(h.describe(arn)).toMatchObject({ status: "FAILED", error: "States.Timeout" });
  expect(aborted).toBe(true);
});

test("a callback may come before the call that carried its token has returned", async () => {
  h = await openHarness();
  let finish: () => void = () => {};
  h.functions.set("ask", async (payload) => {
    h.tokens.set("a", (payload as { token: string }).token);
    await new Promise<void>((resolve) => (finish = resolve));
    return { payload: null };
  });
  const parameters = { FunctionName: "ask", Payload: { "token.$": "$$.Task.Token" } };
  await h.define("Ask", { StartAt: "Call", States: { Call: task("lambda:invoke.waitForTaskToken", parameters) } });
  const arn = await h.start("Ask");
  await h.execute("SendTaskSuccess", { taskToken: h.tokens.get("a")!, output: "1" });
  finish();
  await h.clock.advance(0);
  expect(h.describe(arn)).toMatchObject({ status: "SUCCEEDED", output: "1" });
});

test("an integration's own bug fails its task and is reported", async () => {
  h = await openHarness();
  await h.define("Bug", {
    StartAt: "Bug",
    States: {
      Bug: task("test:bug", {}, { Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "End" }], End: true }),
      End: { Type: "Succeed" },
    },
  });
  expect(h.describe(await h.start("Bug")).status).toBe("SUCCEEDED");
  expected = [expect.stringContaining("a bug in an integration")];
});

test("an error of the engine itself ends the execution in words, and harms no other", async () => {
  h = await openHarness(
    {},
    {
      ...statesLanguage,
      resume: (machine, state, stimulus, env) => {
        if (stimulus.kind === "taskSucceeded" && stimulus.output === "crash") throw new Error("a bug in the engine");
        return statesLanguage.resume(machine, state, stimulus, env);
      },
    },
  );
  await h.define("Ask", { StartAt: "Ask", States: { Ask: ask("") } });
  const [bad, good] = [await h.start("Ask", { n: 1 }, "bad"), await h.start("Ask", {}, "good")];
  await h.store.transact((tx) => {
    for (const id of ["bad", "good"])
      h.workflows.execute(tx, "SendTaskSuccess", { taskToken: h.tokens.get(id)!, output: id === "bad" ? '"crash"' : "1" });
  });
  expect(h.describe(bad)).toMatchObject({ status: "FAILED", error: "States.Runtime", input: '{"n":1}' });
  expect(h.history(bad).at(-1)).toBe("ExecutionFailed");
  expect(h.describe(good).status).toBe("SUCCEEDED");
  expected = [expect.stringContaining("a bug in the engine")];
});

test("a nested execution's end is the result of the task that waits for it, through a crash", async () => {
  h = await openHarness();
  await h.define("Child", { StartAt: "Ask", States: { Ask: ask("") } });
  const parent = (pattern: string): JsonObject => ({
    StartAt: "Run",
    States: {
      Run: task(`states:startExecution${pattern}`, { StateMachineArn: stateMachineArn("Child"), "Name.$": "$.child", "Input.$": "$" }),
    },
  });
  await h.define("Texts", parent(".sync"));
  await h.define("Values", parent(".sync:2"));
  await h.define("Forget", parent(""));
  const [texts, values] = [await h.start("Texts", { child: "t" }), await h.start("Values", { child: "v" })];
  const forgotten = await h.start("Forget", { child: "f" });
  expect(JSON.parse(h.describe(forgotten).output as string)).toMatchObject({ ExecutionArn: expect.stringContaining("Child:f") });
  const stopped = await h.start("Values", { child: "s" });
  await h.restart();
  for (const id of ["t", "v"]) await h.execute("SendTaskSuccess", { taskToken: h.tokens.get(id)!, output: '{"a":1}' });
  expect(JSON.parse(h.describe(texts).output as string)).toMatchObject({ Status: "SUCCEEDED", Output: '{"a":1}', Input: '{"child":"t"}' });
  expect(JSON.parse(h.describe(values).output as string)).toMatchObject({ Output: { a: 1 }, Input: { child: "v" }, Name: "v" });
  const child = "arn:aws:states:us-east-1:123456789012:execution:Child:s";
  await h.execute("StopExecution", { executionArn: child, error: "No" });
  expect(h.describe(stopped)).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
  expect(JSON.parse(h.describe(stopped).cause as string)).toMatchObject({ Error: "No", Status: "ABORTED", RedriveStatus: "REDRIVABLE" });
  const told = await h.start("Texts", { child: "told" });
  await h.execute("SendTaskFailure", { taskToken: h.tokens.get("told")!, error: "Spilt", cause: "milk" });
  const cause = JSON.parse(h.describe(told).cause as string) as JsonObject;
  expect(cause).toMatchObject({ Error: "Spilt", Cause: "milk", Input: '{"child":"told"}', Status: "FAILED", RedriveCount: 0 });
  expect(Object.keys(cause)).toEqual(Object.keys(cause).sort());
  const orphaned = await h.start("Values", { child: "o" });
  await h.execute("StopExecution", { executionArn: orphaned });
  expect(h.describe(child.replace(/s$/, "o")).status).toBe("ABORTED");
});

test("activities: a worker that waits gets the task, and its answer is the result", async () => {
  h = await openHarness();
  const { activityArn } = await h.execute("CreateActivity", { name: "grind" });
  await h.define("Grind", { StartAt: "Do", States: { Do: { Type: "Task", Resource: activityArn as string, End: true } } });
  const waiting = h.workflows.wait("GetActivityTask", { activityArn: activityArn as string, workerName: "w" }, insider);
  const arn = await h.start("Grind", { beans: 7 });
  const { taskToken, input } = await waiting;
  expect(input).toBe('{"beans":7}');
  await h.execute("SendTaskSuccess", { taskToken: taskToken as string, output: '"done"' });
  expect(h.describe(arn)).toMatchObject({ status: "SUCCEEDED", output: '"done"' });
  const nothing = h.workflows.wait("GetActivityTask", { activityArn: activityArn as string }, insider);
  await h.clock.advance(61_000);
  expect(await nothing).toEqual({});
  await expect(h.execute("ListActivities", {})).resolves.toMatchObject({ activities: [{ name: "grind" }] });
});

test("a JSONata evaluation that takes its time: the decision waits, durably", async () => {
  const asked: { expression: string; variables: JsonObject; answer: (evaluation: Evaluation) => void }[] = [];
  const evaluator = {
    evaluateNow: (): Evaluation => ({ kind: "pending" }),
    evaluate: (expression: string, variables: JsonObject): Promise<Evaluation> =>
      new Promise((answer) => asked.push({ expression, variables, answer })),
  };
  h = await openHarness({ evaluator });
  const Assign = { one: "{% $states.context.State.EnteredTime %}", two: "{% $random() %}" };
  const states = {
    A: { Type: "Pass", Assign, Next: "Count" },
    Count: { Type: "Task", Resource: "arn:aws:states:::test:count", Arguments: { name: "pending" }, End: true },
  };
  await h.define("Slow", { QueryLanguage: "JSONata", StartAt: "A", States: states });
  const arn = await h.start("Slow");
  await h.clock.advance(1_000);
  expect(asked).toHaveLength(1);
  await h.restart();
  expect(asked).toHaveLength(2);
  for (let i = 1; i < 10 && h.describe(arn).status === "RUNNING"; i++) {
    asked.at(-1)?.answer({ kind: "value", value: i });
    await h.clock.advance(10);
  }
  expect(h.describe(arn)).toMatchObject({ status: "SUCCEEDED", output: '{"value":1}' });
  expect(asked).toHaveLength(3);
  expect(h.store.get(keyOf("test", "pending"))).toBe(1);
});

test("a wait that begins with a decision that had to wait for an evaluation is not cut short by it", async () => {
  let answer: (evaluation: Evaluation) => void = () => {};
  const evaluator = {
    evaluateNow: (): Evaluation => ({ kind: "pending" }),
    evaluate: (): Promise<Evaluation> => new Promise((resolve) => (answer = resolve)),
  };
  h = await openHarness({ evaluator });
  const states = { A: { Type: "Wait", Seconds: "{% 5 + 5 %}", End: true } };
  await h.define("Patient", { QueryLanguage: "JSONata", StartAt: "A", States: states });
  const arn = await h.start("Patient");
  await h.clock.advance(4_000);
  answer({ kind: "value", value: 10 });
  await h.clock.advance(9_999);
  expect(h.describe(arn).status).toBe("RUNNING");
  await h.clock.advance(2);
  expect(h.describe(arn).status).toBe("SUCCEEDED");
});

test("A2: however many executions of one state machine wait for their expressions, another one's goes on next", async () => {
  const answers: (() => void)[] = [];
  const owners = new Set<string>();
  const evaluator = {
    evaluateNow: (): Evaluation => ({ kind: "pending" }),
    evaluate: (_: string, { states }: JsonObject, owner: string): Promise<Evaluation> => {
      owners.add(owner);
      return new Promise((resolve) => answers.push(() => resolve({ kind: "value", value: (states as JsonObject).input as JsonValue })));
    },
  };
  h = await openHarness({ evaluator });
  const called: JsonValue[] = [];
  h.functions.set(fn, async (payload) => {
    called.push(payload);
    return { payload };
  });
  const states = { Ask: { Type: "Pass", Output: "{% $states.input %}", Next: "Call" }, Call: callWork };
  for (const name of ["Flood", "Honest"]) await h.define(name, { QueryLanguage: "JSONata", StartAt: "Ask", States: states });
  for (let n = 0; n < 20; n++) await h.start("Flood", "flood");
  await h.start("Honest", "honest");
  await h.clock.advance(1_000);
  for (const answer of answers) answer();
  await h.clock.advance(0);
  while (called.length < 21) await h.clock.advance(10);
  expect(called.indexOf("honest")).toBe(1);
  expect(owners).toEqual(new Set(["Flood", "Honest"]));
});
