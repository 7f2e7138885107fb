import * as statesLanguage from "@serverlesspresso/states-language";
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

const waitTwice = {
  StartAt: "One",
  States: {
    One: ask("-1", { TimeoutSeconds: 300, ResultPath: "$.one", Next: "Draw" }),
    Draw: task("test:count", { name: "orders" }, { ResultPath: "$.number", Next: "Two" }),
    Two: ask("-2", { TimeoutSeconds: 900, ResultPath: "$.two", End: true }),
  },
};

test("W1: a callback resumes, and everything in between is in one commit", async () => {
  await h.define("Order", waitTwice);
  const arn = await h.start("Order", { drink: "Latte" }, "a");
  expect(h.describe(arn)).toMatchObject({ status: "RUNNING", name: "a", input: '{"drink":"Latte"}' });
  await h.execute("SendTaskSuccess", { taskToken: h.tokens.get("a-1")!, output: '{"size":1}' });
  expect(h.store.get(keyOf("test", "orders"))).toBe(1);
  await h.execute("SendTaskSuccess", { taskToken: h.tokens.get("a-2")!, output: "2" });
  expect(h.describe(arn)).toMatchObject({ status: "SUCCEEDED" });
  expect(JSON.parse(h.describe(arn).output as string)).toEqual({ drink: "Latte", one: { size: 1 }, number: { value: 1 }, two: 2 });
  expect(h.history(arn)).toEqual([
    "ExecutionStarted",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskSubmitted",
    "TaskSucceeded",
    "TaskStateExited",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskSucceeded",
    "TaskStateExited",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskSubmitted",
    "TaskSucceeded",
    "TaskStateExited",
    "ExecutionSucceeded",
  ]);
});

test("an execution leaves nothing behind but its closed record and its history", async () => {
  await h.define("Order", waitTwice);
  const before = h.store.scan({ start: "", end: "\uffff" }).length;
  await h.start("Order", {}, "a");
  await h.execute("SendTaskSuccess", { taskToken: h.tokens.get("a-1")!, output: "1" });
  await h.execute("SendTaskSuccess", { taskToken: h.tokens.get("a-2")!, output: "2" });
  const kinds = h.store.scan({ start: "", end: "\uffff" }).map(([key]) => key.split("\u0000")[0]);
  expect(kinds.filter((kind) => !["flushes", "format", "xs", "xv", "xd"].includes(kind as string))).toEqual([
    "test",
    "xc",
    "xh",
    "xh",
    "xh",
    "xk",
    "xn",
  ]);
  expect(before).toBeGreaterThan(0);
});

test("X3: of 50 answers to one token exactly one wins; the others hear TaskTimedOut", async () => {
  await h.define("Order", waitTwice);
  await h.start("Order", {}, "a");
  const taskToken = h.tokens.get("a-1")!;
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) =>
      i % 2
        ? h.execute("SendTaskSuccess", { taskToken, output: `${i}` })
        : h.execute("SendTaskFailure", { taskToken, error: "No", cause: `${i}` }),
    ),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const result of results) if (result.status === "rejected") expect(result.reason.name).toBe("TaskTimedOut");
  await expect(h.execute("SendTaskSuccess", { taskToken, output: "1" })).rejects.toMatchObject({ code: "TaskTimedOut" });
});

test("X3: two answers in one transaction: one wins", async () => {
  await h.define("Order", waitTwice);
  await h.start("Order", {}, "a");
  const taskToken = h.tokens.get("a-1")!;
  await h.store.transact((tx) => {
    h.workflows.execute(tx, "SendTaskSuccess", { taskToken, output: "1" });
    expect(() => h.workflows.execute(tx, "SendTaskSuccess", { taskToken, output: "2" })).toThrow("Task Timed Out");
  });
});

test("W4: what a savepoint undoes never happened", async () => {
  await h.define("Order", waitTwice);
  await h.start("Order", {}, "a");
  const taskToken = h.tokens.get("a-1")!;
  await h.store.transact((tx) => {
    const undone = (): void =>
      tx.savepoint(() => {
        h.workflows.execute(tx, "SendTaskSuccess", { taskToken, output: "1" });
        h.workflows.execute(tx, "StartExecution", { stateMachineArn: stateMachineArn("Order"), name: "b" });
        throw new Error("undo");
      });
    expect(undone).toThrow("undo");
    h.workflows.execute(tx, "SendTaskSuccess", { taskToken, output: "2" });
  });
  expect(h.tokens.has("a-2")).toBe(true);
  expect(h.tokens.has("b-1")).toBe(false);
  const { executions } = await h.execute("ListExecutions", { stateMachineArn: stateMachineArn("Order") });
  expect(executions).toHaveLength(1);
});

test.each([
  { name: "changed", change: (token: string) => `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`, code: "InvalidToken" },
  { name: "made up", change: () => "AAAA", code: "InvalidToken" },
  { name: "cut", change: (token: string) => token.slice(0, 20), code: "InvalidToken" },
])("K1: a token that was $name is refused", async ({ change, code }) => {
  await h.define("Order", waitTwice);
  await h.start("Order", {}, "a");
  const taskToken = change(h.tokens.get("a-1")!);
  await expect(h.execute("SendTaskSuccess", { taskToken, output: "1" })).rejects.toMatchObject({ code });
});

test("a timeout is caught at its instant, once, also across a restart", async () => {
  const definition = {
    StartAt: "Ask",
    States: {
      Ask: ask("", { TimeoutSeconds: 300, Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Late" }], End: true }),
      Late: task("test:count", { name: "late" }),
    },
  };
  await h.define("Timeout", definition);
  const arn = await h.start("Timeout", {}, "a");
  const other = await h.start("Timeout", {}, "b");
  await h.clock.advance(299_000);
  expect(h.describe(arn).status).toBe("RUNNING");
  await h.restart();
  await h.clock.advance(1_100);
  expect(h.describe(arn).status).toBe("SUCCEEDED");
  expect(h.describe(other).status).toBe("SUCCEEDED");
  await h.clock.advance(3_600_000);
  expect(h.store.get(keyOf("test", "late"))).toBe(2);
  await expect(h.execute("SendTaskSuccess", { taskToken: h.tokens.get("a")!, output: "1" })).rejects.toMatchObject({
    code: "TaskTimedOut",
  });
});

test("X3: a deadline that has passed by the clock is over before its timer fires", async () => {
  await h.define("Order", waitTwice);
  const arn = await h.start("Order", {}, "a");
  await h.restart(() => h.clock.advance(300_000));
  h.workflows.stop();
  const late = h.store.transact((tx) => h.workflows.execute(tx, "SendTaskSuccess", { taskToken: h.tokens.get("a-1")!, output: "1" }));
  await expect(late).rejects.toMatchObject({ code: "TaskTimedOut" });
  await h.clock.advance(0);
  expect(["RUNNING", "FAILED", "TIMED_OUT"]).toContain(h.describe(arn).status);
});

test("heartbeats keep a wait alive; without them it times out", async () => {
  await h.define("Beat", { StartAt: "Ask", States: { Ask: ask("", { HeartbeatSeconds: 60, TimeoutSeconds: 600, End: true }) } });
  const arn = await h.start("Beat", {}, "a");
  for (let i = 0; i < 5; i++) {
    await h.clock.advance(50_000);
    await h.execute("SendTaskHeartbeat", { taskToken: h.tokens.get("a")! });
  }
  expect(h.describe(arn).status).toBe("RUNNING");
  await h.clock.advance(60_000);
  expect(h.describe(arn)).toMatchObject({ status: "FAILED", error: "States.Timeout" });
});

test("an integration that throws leaves nothing half done, and is retried with its back-off", async () => {
  const retry = { ErrorEquals: ["Test.Failed"], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 2 };
  const definition = { StartAt: "Fail", States: { Fail: task("test:fail", {}, { Retry: [retry], End: true }) } };
  await h.define("Retry", definition);
  const arn = await h.start("Retry");
  await h.clock.advance(2_000);
  await h.restart();
  expect(h.describe(arn).status).toBe("RUNNING");
  await h.clock.advance(4_000);
  expect(h.describe(arn)).toMatchObject({ status: "FAILED", error: "Test.Failed", cause: "as asked" });
  expect(h.history(arn).filter((type) => type === "TaskFailed")).toHaveLength(3);
  expect(h.store.get(keyOf("test", "half"))).toBeUndefined();
});

test("M1: a running execution keeps the definition it started with; M2: the same again makes no revision", async () => {
  await h.define("Order", waitTwice);
  const first = h.workflows.query(h.store, "DescribeStateMachine", { stateMachineArn: stateMachineArn("Order") });
  await h.define("Order", waitTwice);
  expect(h.workflows.query(h.store, "DescribeStateMachine", { stateMachineArn: stateMachineArn("Order") })).toEqual(first);
  const old = await h.start("Order", {}, "old");
  await h.define("Order", { StartAt: "Done", States: { Done: { Type: "Succeed" } } });
  await h.restart();
  expect(h.describe(await h.start("Order", {}, "new")).status).toBe("SUCCEEDED");
  await h.execute("SendTaskSuccess", { taskToken: h.tokens.get("old-1")!, output: "1" });
  await h.execute("DeleteStateMachine", { stateMachineArn: stateMachineArn("Order") });
  await h.execute("SendTaskSuccess", { taskToken: h.tokens.get("old-2")!, output: "1" });
  expect(h.describe(old).status).toBe("SUCCEEDED");
  const { revisionId } = h.workflows.query(h.store, "DescribeStateMachineForExecution", { executionArn: old });
  expect(revisionId).toBe(first.revisionId);
  await expect(h.start("Order")).rejects.toMatchObject({ code: "StateMachineDoesNotExist" });
});

test("M4: a machine that an earlier release took runs on, even if it would be refused today", async () => {
  const core = { ...statesLanguage, diagnoseDefinitionText: (_text: string): readonly statesLanguage.Diagnostic[] => [] };
  const old = await openHarness({}, core);
  const refused = { StartAt: "S", States: { S: { Type: "Succeed" }, Unreachable: { Type: "Succeed" } } };
  await old.define("Old", refused);
  core.diagnoseDefinitionText = statesLanguage.diagnoseDefinitionText;
  await old.restart();
  expect(old.describe(await old.start("Old"))).toMatchObject({ status: "SUCCEEDED" });
  await expect(old.define("Old", { ...refused, Comment: "again" })).rejects.toMatchObject({ code: "InvalidDefinition" });
  await old.close();
});

test("M5: what a deleted machine has run is not its successor's, whatever their names", async () => {
  const machine = { stateMachineArn: stateMachineArn("Order") };
  const names = (): unknown =>
    (h.workflows.query(h.store, "ListExecutions", machine).executions as { name: string }[]).map(({ name }) => name);
  await h.define("Order", { StartAt: "Done", States: { Done: { Type: "Succeed" } } });
  const first = await h.start("Order", { of: "first" }, "same");
  await h.execute("DeleteStateMachine", machine);
  await h.define("Order", waitTwice);
  expect(names()).toEqual([]);
  expect(() => h.describe(first)).toThrow(expect.objectContaining({ code: "ExecutionDoesNotExist" }));
  const second = await h.start("Order", { of: "second" }, "same");
  expect(h.describe(second)).toMatchObject({ status: "RUNNING", input: '{"of":"second"}' });
  expect(names()).toEqual(["same"]);
  // It still runs something: its name is not free.
  await h.execute("DeleteStateMachine", machine);
  expect(h.workflows.query(h.store, "DescribeStateMachine", machine)).toMatchObject({ status: "DELETING" });
  expect(h.workflows.query(h.store, "ListStateMachines", {}).stateMachines).toHaveLength(1);
  await expect(h.start("Order")).rejects.toMatchObject({ code: "StateMachineDeleting" });
  const create = { name: "Order", definition: JSON.stringify(waitTwice) };
  await expect(h.execute("CreateStateMachine", create)).rejects.toMatchObject({ code: "StateMachineDeleting" });
  expect(names()).toEqual(["same"]);
  await h.restart();
  await h.execute("StopExecution", { executionArn: second });
  expect(() => h.workflows.query(h.store, "DescribeStateMachine", machine)).toThrow(
    expect.objectContaining({ code: "StateMachineDoesNotExist" }),
  );
  await h.execute("CreateStateMachine", create);
  expect(names()).toEqual([]);
});

test("M6: what a deleted machine still runs is aborted where it would enter another state", async () => {
  const machine = { stateMachineArn: stateMachineArn("Order") };
  const answer = (token: string) => h.execute("SendTaskSuccess", { taskToken: h.tokens.get(token)!, output: "1" });
  await h.define("Order", waitTwice);
  await h.define("Branches", {
    StartAt: "Both",
    States: {
      Both: {
        Type: "Parallel",
        Branches: [waitTwice, { StartAt: "W", States: { W: { Type: "Wait", Seconds: 60, End: true } } }],
        End: true,
      },
    },
  });
  const [early, late] = [await h.start("Order", {}, "early"), await h.start("Order", {}, "late")];
  const [both, due] = [await h.start("Branches", {}, "both"), await h.start("Order", {}, "due")];
  await answer("late-1");
  await h.execute("DeleteStateMachine", machine);
  await h.execute("DeleteStateMachine", { stateMachineArn: stateMachineArn("Branches") });
  expect([early, late, both].map((arn) => h.describe(arn).status)).toEqual(["RUNNING", "RUNNING", "RUNNING"]);
  await h.restart();
  await answer("early-1");
  expect(h.describe(early)).toMatchObject({ status: "ABORTED" });
  expect(h.history(early).slice(-3)).toEqual(["TaskSucceeded", "TaskStateExited", "ExecutionAborted"]);
  expect(h.store.get(keyOf("test", "orders"))).toBe(1);
  // The last state leads to no other.
  await answer("late-2");
  expect(h.describe(late)).toMatchObject({ status: "SUCCEEDED" });
  await answer("both-1");
  expect(h.describe(both)).toMatchObject({ status: "ABORTED" });
  expect(h.history(both).slice(-3)).toEqual(["WaitStateAborted", "ParallelStateAborted", "ExecutionAborted"]);
  await expect(answer("both-2")).rejects.toBeDefined();
  await h.clock.advance(300_000);
  expect(h.describe(due)).toMatchObject({ status: "FAILED", error: "States.Timeout" });
  await h.define("Order", waitTwice);
  expect(h.describe(await h.start("Order", {}, "early")).status).toBe("RUNNING");
});

test("X2: the same start again answers the same execution; another input or a closed one does not", async () => {
  await h.define("Order", waitTwice);
  const arn = await h.start("Order", { a: 1 }, "one");
  expect(await h.start("Order", { a: 1 }, "one")).toBe(arn);
  await expect(h.start("Order", { a: 2 }, "one")).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
  await h.execute("StopExecution", { executionArn: arn, error: "E", cause: "C" });
  expect(h.describe(arn)).toMatchObject({ status: "ABORTED", error: "E", cause: "C" });
  await expect(h.start("Order", { a: 1 }, "one")).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
  await expect(h.execute("SendTaskSuccess", { taskToken: h.tokens.get("one-1")!, output: "1" })).rejects.toMatchObject({
    code: "TaskTimedOut",
  });
});

test("X1: 25 that start at one instant are listed by start, newest first, in pages, and inside a transaction too", async () => {
  await h.define("Order", waitTwice);
  const arns = await Promise.all(Array.from({ length: 25 }, (_, i) => h.start("Order", {}, `e${i}`)));
  const list = (request: object) =>
    h.workflows.query(h.store, "ListExecutions", { stateMachineArn: stateMachineArn("Order"), statusFilter: "RUNNING", ...request }) as {
      executions: { executionArn: string; startDate: number }[];
      nextToken?: string;
    };
  const all = list({});
  expect(all.executions.map(({ executionArn }) => executionArn)).toEqual([...arns].reverse());
  expect(new Set(all.executions.map(({ startDate }) => startDate)).size).toBe(25);
  const first = list({ maxResults: 10 });
  const second = list({ maxResults: 10, nextToken: first.nextToken });
  expect([...first.executions, ...second.executions].map(({ executionArn }) => executionArn)).toEqual([...arns].reverse().slice(0, 20));
  await h.execute("StopExecution", { executionArn: arns[3]! });
  expect(list({}).executions).toHaveLength(24);
  expect(list({ statusFilter: "ABORTED" }).executions).toHaveLength(1);
});

test("an execution sees itself in ListExecutions, and who started before it", async () => {
  const parameters = { "StateMachineArn.$": "$$.StateMachine.Id", StatusFilter: "RUNNING" };
  await h.define("Self", {
    StartAt: "List",
    States: { List: task("aws-sdk:sfn:listExecutions", parameters, { ResultPath: "$.list", Next: "Ask" }), Ask: ask("") },
  });
  const arns = await h.store.transact((tx) =>
    [1, 2, 3].map(
      (n) => h.workflows.execute(tx, "StartExecution", { stateMachineArn: stateMachineArn("Self"), name: `s${n}` }).executionArn,
    ),
  );
  for (const n of [1, 2, 3]) await h.execute("SendTaskSuccess", { taskToken: h.tokens.get(`s${n}`)!, output: "{}" });
  const events = h.workflows.query(h.store, "GetExecutionHistory", { executionArn: arns[1] as string }).events as {
    type: string;
    taskSucceededEventDetails?: { output: string };
  }[];
  const seen = JSON.parse(events.find(({ type }) => type === "TaskSucceeded")?.taskSucceededEventDetails?.output as string);
  expect(seen.Executions.map(({ ExecutionArn }: { ExecutionArn: string }) => ExecutionArn)).toEqual([...arns].reverse());
  expect(seen.Executions[0]).toMatchObject({ Name: "s3", Status: "RUNNING", StateMachineArn: stateMachineArn("Self") });
  expect(seen.Executions[0].StartDate).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test("W3: a definition that loops for ever holds nobody up, and ends at the limit of its history", async () => {
  await h.define("Loop", {
    StartAt: "A",
    States: {
      A: { Type: "Pass", Next: "B" },
      B: { Type: "Choice", Choices: [{ Variable: "$.enough", IsPresent: true, Next: "End" }], Default: "A" },
      End: { Type: "Succeed" },
    },
  });
  await h.define("Order", waitTwice);
  const arn = await h.start("Loop");
  expect(h.describe(arn).status).toBe("RUNNING");
  await h.start("Order", {}, "meanwhile");
  expect(h.tokens.has("meanwhile-1")).toBe(true);
  await h.restart();
  for (let i = 0; i < 50 && h.describe(arn).status === "RUNNING"; i++) await h.clock.advance(1);
  expect(h.describe(arn)).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  expect((h.describe(arn).cause as string).includes("25,000") || (h.describe(arn).cause as string).includes("25000")).toBe(true);
});

test("GetExecutionHistory pages both ways without gap or repetition", async () => {
  const states = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`P${i}`, { Type: "Pass", Next: `P${i + 1}` }]));
  await h.define("Long", { StartAt: "P0", States: { ...states, P40: ask("") } });
  const executionArn = await h.start("Long", {}, "a");
  await h.execute("SendTaskSuccess", { taskToken: h.tokens.get("a")!, output: "{}" });
  const total = h.history(executionArn).length;
  for (const reverseOrder of [false, true]) {
    const ids: number[] = [];
    let nextToken: string | undefined;
    do {
      const request = { executionArn, maxResults: 7, reverseOrder, ...(nextToken && { nextToken }) };
      const answer = h.workflows.query(h.store, "GetExecutionHistory", request) as { events: { id: number }[]; nextToken?: string };
      ids.push(...answer.events.map(({ id }) => id));
      nextToken = answer.nextToken;
    } while (nextToken !== undefined);
    const expected = Array.from({ length: total }, (_, i) => i + 1);
    expect(ids).toEqual(reverseOrder ? expected.reverse() : expected);
  }
});

test("refuses what it should, in AWS's words", async () => {
  await h.define("Order", waitTwice);
  const broken = { name: "Broken", definition: '{"StartAt":"X","States":{}}' };
  await expect(h.execute("CreateStateMachine", broken)).rejects.toMatchObject({ code: "InvalidDefinition" });
  await expect(h.execute("StartExecution", { stateMachineArn: stateMachineArn("Order"), input: "{" })).rejects.toMatchObject({
    code: "InvalidExecutionInput",
  });
  await expect(h.start("Order", {}, "a b")).rejects.toMatchObject({ code: "InvalidName" });
  await expect(
    h.execute("DescribeExecution", { executionArn: "arn:aws:states:us-east-1:123456789012:execution:Order:no" }),
  ).rejects.toMatchObject({ code: "ExecutionDoesNotExist" });
  await expect(h.execute("DescribeExecution", { executionArn: "no" })).rejects.toMatchObject({ code: "InvalidArn" });
  await expect(h.execute("Nonsense", {})).rejects.toMatchObject({ code: "UnknownOperationException" });
  await expect(h.execute("StartExecution", {})).rejects.toMatchObject({ code: "ValidationException" });
});
