/** Z1 to Z3 of redrive.ts. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { keyOf } from "@serverlesspresso/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appendHistory } from "./history.ts";
import { keys } from "./keys.ts";
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

const day = 86_400_000;
const drawThenAsk = {
  StartAt: "Draw",
  States: {
    Draw: task("test:count", { name: "orders" }, { ResultPath: "$.number", Next: "Ask" }),
    Ask: ask("", { TimeoutSeconds: 300, ResultPath: "$.answer", Next: "Done" }),
    Done: { Type: "Succeed" },
  },
};
const redrive = (executionArn: string, clientToken?: string): Promise<JsonObject> =>
  h.execute("RedriveExecution", { executionArn, ...(clientToken !== undefined && { clientToken }) });
const answer = (name: string, output = "1"): Promise<JsonObject> =>
  h.execute("SendTaskSuccess", { taskToken: h.tokens.get(name)!, output });
const fail = (name: string): Promise<JsonObject> =>
  h.execute("SendTaskFailure", { taskToken: h.tokens.get(name)!, error: "Spilt", cause: "milk" });
const list = (more: JsonObject): string[] =>
  (
    h.workflows.query(h.store, "ListExecutions", { stateMachineArn: stateMachineArn("Order"), ...more }) as { executions: JsonObject[] }
  ).executions.map(({ name }) => name as string);
const redrivenIn = (arn: string): number => h.history(arn).filter((type) => type === "ExecutionRedriven").length;

/** An execution that has drawn its number and failed at its question. */
async function failed(name = "a"): Promise<string> {
  await h.define("Order", drawThenAsk);
  const arn = await h.start("Order", { drink: "Latte" }, name);
  await fail(name);
  return arn;
}

test("a failed execution goes on from the state that failed, under the same name", async () => {
  const arn = await failed();
  expect(h.describe(arn)).toMatchObject({ status: "FAILED", redriveStatus: "REDRIVABLE", redriveCount: 0 });
  expect(h.describe(arn)).not.toHaveProperty("redriveStatusReason");
  await h.clock.advance(5_000);
  expect(await redrive(arn)).toEqual({ redriveDate: h.clock.nowMs() / 1_000 });
  expect(h.describe(arn)).toMatchObject({
    status: "RUNNING",
    redriveCount: 1,
    redriveDate: h.clock.nowMs() / 1_000,
    startDate: h.clock.nowMs() / 1_000 - 5,
    redriveStatusReason: "Execution is RUNNING and cannot be redriven",
  });
  expect(h.describe(arn)).not.toHaveProperty("stopDate");
  await answer("a", '"oat"');
  expect(JSON.parse(h.describe(arn).output as string)).toEqual({ drink: "Latte", number: { value: 1 }, answer: "oat" });
  expect(h.describe(arn)).toMatchObject({ status: "SUCCEEDED", redriveCount: 1, redriveStatus: "NOT_REDRIVABLE" });
  expect(h.store.get(keyOf("test", "orders"))).toBe(1);
  expect(h.history(arn).slice(-9)).toEqual([
    "ExecutionRedriven",
    "TaskScheduled",
    "TaskStarted",
    "TaskSubmitted",
    "TaskSucceeded",
    "TaskStateExited",
    "SucceedStateEntered",
    "SucceedStateExited",
    "ExecutionSucceeded",
  ]);
  expect(h.store.get(keys.stood(`Order:${h.clock.nowMs() - 5_000}`))).toBeUndefined();
});

test("each redrive is counted and told; lists know who was redriven", async () => {
  const arn = await failed();
  for (let i = 0; i < 3; i++) {
    await redrive(arn);
    await fail("a");
  }
  const events = h.workflows.query(h.store, "GetExecutionHistory", { executionArn: arn }).events as JsonObject[];
  expect(events.flatMap(({ executionRedrivenEventDetails: details }) => (details ? [details] : []))).toEqual([
    { redriveCount: 1 },
    { redriveCount: 2 },
    { redriveCount: 3 },
  ]);
  await h.start("Order", {}, "b");
  expect([list({}), list({ redriveFilter: "REDRIVEN" }), list({ redriveFilter: "NOT_REDRIVEN" })]).toEqual([["b", "a"], ["a"], ["b"]]);
  await redrive(arn);
  expect([list({ statusFilter: "RUNNING", redriveFilter: "REDRIVEN" }), list({ statusFilter: "FAILED" })]).toEqual([["a"], []]);
});

test("one that timed out has its time anew, and a token of its own", async () => {
  await h.define("Order", { ...drawThenAsk, TimeoutSeconds: 60 });
  const arn = await h.start("Order", {}, "a");
  const first = h.tokens.get("a")!;
  await h.clock.advance(60_000);
  expect(h.describe(arn)).toMatchObject({ status: "TIMED_OUT", redriveStatus: "REDRIVABLE" });
  await redrive(arn);
  await expect(h.execute("SendTaskSuccess", { taskToken: first, output: "1" })).rejects.toMatchObject({ code: "TaskTimedOut" });
  await h.clock.advance(59_999);
  expect(h.describe(arn).status).toBe("RUNNING");
  await h.clock.advance(1);
  expect(h.describe(arn).status).toBe("TIMED_OUT");
  await redrive(arn);
  await answer("a");
  expect(h.describe(arn).status).toBe("SUCCEEDED");
});

test("one that was stopped goes on; its context says how often and when it was redriven", async () => {
  const told = { Type: "Pass", Parameters: { "n.$": "$$.Execution.RedriveCount", "at.$": "$$.Execution.RedriveTime" }, End: true };
  await h.define("Order", { StartAt: "Ask", States: { Ask: ask("", { Next: "Told" }), Told: told } });
  const arn = await h.start("Order", {}, "a");
  await h.execute("StopExecution", { executionArn: arn });
  await h.clock.advance(1_000);
  await redrive(arn);
  await answer("a");
  expect(JSON.parse(h.describe(arn).output as string)).toEqual({ n: 1, at: new Date(h.clock.nowMs()).toISOString() });
});

test("of a Parallel only the branch that failed and the one that was aborted run again", async () => {
  const branch = (name: string, state: JsonObject): JsonObject => ({ StartAt: name, States: { [name]: state } });
  const branches = [branch("Count", task("test:count", {})), branch("One", ask("-1")), branch("Two", ask("-2"))];
  await h.define("Order", { StartAt: "All", States: { All: { Type: "Parallel", Branches: branches, End: true } } });
  const arn = await h.start("Order", {}, "a");
  await fail("a-1");
  await redrive(arn);
  await answer("a-2", "2");
  await answer("a-1", "1");
  expect(h.describe(arn)).toMatchObject({ status: "SUCCEEDED", output: '[{"value":1},1,2]' });
});

test("a function is called again", async () => {
  let calls = 0;
  h.functions.set("arn:aws:lambda:us-east-1:123456789012:function:f", async () =>
    ++calls === 1 ? { payload: { errorType: "Broken" }, functionError: "Unhandled" } : { payload: calls },
  );
  const call = { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true };
  await h.define("Order", { StartAt: "Call", States: { Call: call } });
  const arn = await h.start("Order", {}, "a");
  await h.clock.advance(0);
  expect(h.describe(arn)).toMatchObject({ status: "FAILED", error: "Broken" });
  await redrive(arn);
  await h.clock.advance(0);
  expect(h.describe(arn)).toMatchObject({ status: "SUCCEEDED", output: "2" });
});

test("Z2: it keeps the definition it was started with", async () => {
  const arn = await failed();
  await h.define("Order", { StartAt: "Other", States: { Other: { Type: "Fail" } } });
  await redrive(arn);
  await answer("a");
  expect(h.describe(arn).status).toBe("SUCCEEDED");
});

describe("Z1: at once or not at all", () => {
  test("of 20 redrives at once one wins", async () => {
    const arn = await failed();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => redrive(arn)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") {
        expect(result.reason).toMatchObject({ code: "ExecutionNotRedrivable", message: "Execution is RUNNING and cannot be redriven" });
      }
    }
    expect([redrivenIn(arn), h.describe(arn).redriveCount]).toEqual([1, 1]);
  });

  test("what is undone with its transaction has not happened", async () => {
    const arn = await failed();
    const undone = h.store.transact((tx) => {
      h.workflows.execute(tx, "RedriveExecution", { executionArn: arn });
      expect(h.workflows.query(tx, "DescribeExecution", { executionArn: arn }).status).toBe("RUNNING");
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(h.describe(arn)).toMatchObject({ status: "FAILED", redriveStatus: "REDRIVABLE", redriveCount: 0 });
    await redrive(arn);
    expect(redrivenIn(arn)).toBe(1);
  });

  test("twice in one transaction is once", async () => {
    const arn = await failed();
    await h.store.transact((tx) => {
      h.workflows.execute(tx, "RedriveExecution", { executionArn: arn });
      expect(() => h.workflows.execute(tx, "RedriveExecution", { executionArn: arn })).toThrow("RUNNING");
    });
    expect(redrivenIn(arn)).toBe(1);
  });

  test("one that will have failed by the end of the transaction still runs", async () => {
    await h.define("Order", drawThenAsk);
    const arn = await h.start("Order", {}, "a");
    await h.store.transact((tx) => {
      h.workflows.execute(tx, "SendTaskFailure", { taskToken: h.tokens.get("a")! });
      expect(() => h.workflows.execute(tx, "RedriveExecution", { executionArn: arn })).toThrow("RUNNING");
    });
    await redrive(arn);
    await answer("a");
    expect(h.describe(arn).status).toBe("SUCCEEDED");
  });

  test.each(["before", "after"])("the process dies %s it is redriven", async (when) => {
    const arn = await failed();
    if (when === "after") await redrive(arn);
    await h.restart(async () => void (await h.clock.advance(day)));
    if (when === "before") await redrive(arn);
    // Where it was redriven before the day that went by, its question's five minutes are over.
    if (when === "after") {
      expect(h.describe(arn)).toMatchObject({ status: "FAILED", error: "States.Timeout", redriveCount: 1 });
      await redrive(arn);
    }
    await answer("a");
    expect(h.describe(arn)).toMatchObject({ status: "SUCCEEDED", redriveCount: when === "after" ? 2 : 1 });
    expect(h.store.get(keyOf("test", "orders"))).toBe(1);
  });
});

describe("Z3: client tokens", () => {
  test("the same one answers the same redrive, whatever has become of it", async () => {
    const arn = await failed();
    const first = await redrive(arn, "t");
    await h.clock.advance(1_000);
    expect(await redrive(arn, "t")).toEqual(first);
    await fail("a");
    expect(await redrive(arn, "t")).toEqual(first);
    expect([h.describe(arn).status, redrivenIn(arn)]).toEqual(["FAILED", 1]);
    await expect(redrive(arn, "a token")).rejects.toMatchObject({ code: "ValidationException" });
  });

  test("after fifteen minutes, or ten others, it is a new one", async () => {
    const arn = await failed();
    await redrive(arn, "t0");
    await fail("a");
    await h.clock.advance(899_999);
    await redrive(arn, "t0");
    expect(redrivenIn(arn)).toBe(1);
    await h.clock.advance(1);
    for (let i = 0; i <= 10; i++) {
      await redrive(arn, `t${i}`);
      await fail("a");
    }
    expect(redrivenIn(arn)).toBe(12);
    await redrive(arn, "t1");
    expect(redrivenIn(arn)).toBe(12);
    await redrive(arn, "t0");
    expect(redrivenIn(arn)).toBe(13);
  });
});

describe("what cannot be redriven says why", () => {
  const refused = async (arn: string, reason: string): Promise<void> => {
    expect(h.describe(arn)).toMatchObject({ redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: reason });
    await expect(redrive(arn)).rejects.toMatchObject({ code: "ExecutionNotRedrivable", message: reason });
  };
  const idOf = (arn: string): string => `Order:${(h.describe(arn).startDate as number) * 1_000}`;

  test("one that runs, one that succeeded", async () => {
    await h.define("Order", drawThenAsk);
    const arn = await h.start("Order", {}, "a");
    await refused(arn, "Execution is RUNNING and cannot be redriven");
    await answer("a");
    await refused(arn, "Execution is SUCCEEDED and cannot be redriven");
  });

  test("one that ended fourteen days ago", async () => {
    const arn = await failed();
    await h.clock.advance(14 * day - 1);
    expect(h.describe(arn).redriveStatus).toBe("REDRIVABLE");
    await h.clock.advance(1);
    await refused(arn, "Execution redrivable period exceeded");
  });

  test("one that began a year ago", async () => {
    await h.define("Order", {
      StartAt: "Wait",
      States: { Wait: { Type: "Wait", Seconds: 366 * 86_400, Next: "Fail" }, Fail: { Type: "Fail" } },
    });
    const arn = await h.start("Order", {}, "a");
    await h.clock.advance(366 * day);
    await refused(arn, "Execution has exceeded the max execution time");
  });

  test("one whose history is full", async () => {
    const arn = await failed();
    const event = { id: 24_999, previousEventId: 9, timestampMs: 0, type: "ExecutionFailed", details: {} };
    await h.store.transact((tx) => appendHistory(tx, idOf(arn), [event]));
    await refused(arn, "Execution history event limit exceeded");
  });

  test("one of a machine that was deleted; one of before there was redrive", async () => {
    const arn = await failed();
    await h.execute("DeleteStateMachine", { stateMachineArn: stateMachineArn("Order") });
    await refused(arn, "State machine is in DELETING status");
    const old = await failed();
    expect(h.describe(old).redriveStatus).toBe("REDRIVABLE");
    await h.store.transact((tx) => tx.delete(keys.stood(idOf(old))));
    await refused(old, "Execution was started before the launch of RedriveExecution");
  });

  test("one that there is not; one of an Express machine", async () => {
    await h.define("Order", drawThenAsk);
    const arn = "arn:aws:states:us-east-1:123456789012:execution:Order:none";
    await expect(redrive(arn)).rejects.toMatchObject({ code: "ExecutionDoesNotExist" });
    await expect(redrive("arn:aws:states:us-east-1:123456789012:express:Order:a:b")).rejects.toMatchObject({ code: "InvalidArn" });
  });
});

test("a parent's failed task starts a new child; a redriven child is no matter to a parent that has ended", async () => {
  await h.define("Order", drawThenAsk);
  const child = task("states:startExecution.sync:2", { StateMachineArn: stateMachineArn("Order") });
  await h.define("Parent", { StartAt: "Child", States: { Child: child } });
  const parent = await h.start("Parent", {}, "p");
  const [first] = list({}) as [string];
  await fail(first);
  expect(h.describe(parent).status).toBe("FAILED");
  await redrive(`arn:aws:states:us-east-1:123456789012:execution:Order:${first}`);
  await answer(first);
  expect(h.describe(parent).status).toBe("FAILED");
  await redrive(parent);
  const [second] = list({ statusFilter: "RUNNING" }) as [string];
  expect(second).not.toBe(first);
  await answer(second);
  expect(h.describe(parent).status).toBe("SUCCEEDED");
});

test("an expression that is not known at once is waited for, and the execution runs meanwhile", async () => {
  const tokenIn = ({ states }: JsonObject): JsonValue => (states as { context: { Task: { Token: string } } }).context.Task.Token;
  const late = await openHarness({
    evaluator: {
      evaluateNow: () => ({ kind: "pending" }),
      evaluate: async (_, variables) => ({ kind: "value", value: tokenIn(variables) }),
    },
  });
  const asking = {
    Type: "Task",
    QueryLanguage: "JSONata",
    Resource: "arn:aws:states:::test:ask.waitForTaskToken",
    Arguments: { id: "a", token: "{% $states.context.Task.Token %}" },
    End: true,
  };
  await late.define("Order", { StartAt: "Ask", States: { Ask: asking } });
  const arn = await late.start("Order", {}, "a");
  await late.clock.advance(0);
  await late.execute("SendTaskFailure", { taskToken: late.tokens.get("a")! });
  const events = late.history(arn).length;
  await late.execute("RedriveExecution", { executionArn: arn });
  expect([late.describe(arn).status, late.history(arn).length]).toEqual(["RUNNING", events]);
  await expect(late.execute("RedriveExecution", { executionArn: arn })).rejects.toMatchObject({ code: "ExecutionNotRedrivable" });
  await late.clock.advance(0);
  expect(late.history(arn).slice(events)).toEqual(["ExecutionRedriven", "TaskScheduled", "TaskStarted", "TaskSubmitted"]);
  await late.execute("SendTaskSuccess", { taskToken: late.tokens.get("a")!, output: "7" });
  expect(late.describe(arn)).toMatchObject({ status: "SUCCEEDED", output: "7", redriveCount: 1 });
  await late.close();
});

test("a workflow may redrive another", async () => {
  const arn = await failed();
  await h.define("Nurse", { StartAt: "Redrive", States: { Redrive: task("aws-sdk:sfn:redriveExecution", { ExecutionArn: arn }) } });
  const nurse = await h.start("Nurse");
  expect(h.describe(nurse).status).toBe("SUCCEEDED");
  expect(JSON.parse(h.describe(nurse).output as string)).toEqual({ RedriveDate: new Date(h.clock.nowMs()).toISOString() });
  expect(h.describe(arn).status).toBe("RUNNING");
});
