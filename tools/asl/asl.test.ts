/** The command on small definitions: what it prints, what it refuses, how it ends (A1–A4, M1–M3, N1–N4, H1–H3). */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { afterAll, describe, expect, test } from "vitest";
import { asl, type CaseJson, type Ran } from "../../test/workflows/asl.ts";

const folder = mkdtempSync(join(tmpdir(), "asl-"));
afterAll(() => rmSync(folder, { recursive: true }));

const grind = "arn:aws:lambda:us-east-1:123456789012:function:Grind";
const task = (more: JsonObject = {}): JsonObject => ({ Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: {}, ...more });
const machine = (States: Record<string, JsonObject>): JsonObject => ({ StartAt: Object.keys(States)[0] as string, States });
const one = (state: JsonObject): JsonObject => machine({ Grind: { ...state, End: true } });
const mocks = (responses: JsonObject, states: JsonObject = { Grind: "M" }): JsonObject => ({
  StateMachines: { Shop: { TestCases: { Only: states } } },
  MockedResponses: { M: responses },
});

/** Writes the two files and calls the command on them. */
function run(definition: JsonValue, mockFile?: JsonValue, words: readonly string[] = []): Ran {
  writeFileSync(join(folder, "shop.asl.json"), JSON.stringify(definition));
  if (mockFile !== undefined) writeFileSync(join(folder, "mocks.json"), JSON.stringify(mockFile));
  return asl(["test", "shop.asl.json", ...(mockFile === undefined ? [] : ["--mocks", "mocks.json"]), ...words], folder);
}
const result = (definition: JsonValue, mockFile: JsonValue, words: readonly string[] = []): CaseJson =>
  JSON.parse(run(definition, mockFile, ["--json", ...words]).stdout) as CaseJson;

describe("what tasks get", () => {
  const retried = task({ Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 3 }] });
  const callback = task({ Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters: { "t.$": "$$.Task.Token" } });
  const busy = { Throw: { Error: "Busy", Cause: "no beans" } };
  const activity = "arn:aws:states:us-east-1:123456789012:activity:Barista";
  test.each([
    {
      name: "M1: a range answers retries",
      state: retried,
      responses: { "0-1": busy, "2": { Return: 7 } },
      ends: { output: 7, seconds: 8 },
    },
    { name: "retries run out", state: retried, responses: { "0-2": busy }, ends: { status: "FAILED", error: "Busy", cause: "no beans" } },
    { name: "N1: a callback's result", state: callback, responses: { "0": { Return: { a: 1 } } }, ends: { output: { a: 1 } } },
    { name: "N1: a callback's failure", state: callback, responses: { "0": busy }, ends: { status: "FAILED", error: "Busy" } },
    {
      name: "N1: a job's result",
      state: task({ Resource: "arn:aws:states:::states:startExecution.sync:2" }),
      responses: { "0": { Return: { Output: 1 }, AfterSeconds: 60 } },
      ends: { output: { Output: 1 }, seconds: 60 },
    },
    { name: "N1: an activity", state: { Type: "Task", Resource: activity }, responses: { "0": { Return: "ok" } }, ends: { output: "ok" } },
    {
      name: "N2: a function's payload",
      state: { Type: "Task", Resource: grind },
      responses: { "0": { Return: { StatusCode: 200, Payload: { g: 18 } } } },
      ends: { output: { g: 18 } },
    },
    {
      name: "N2: a function's plain result",
      state: { Type: "Task", Resource: grind },
      responses: { "0": { Return: { g: 18 } } },
      ends: { output: { g: 18 } },
    },
    {
      name: "M3: no answer within the time",
      state: { ...callback, TimeoutSeconds: 90 },
      responses: { "0": { NoAnswer: true } },
      ends: { status: "FAILED", error: "States.Timeout", seconds: 90 },
    },
    {
      name: "M3: an answer after the time",
      state: { ...callback, TimeoutSeconds: 90 },
      responses: { "0": { Return: 1, AfterSeconds: 91 } },
      ends: { status: "FAILED", error: "States.Timeout" },
    },
    { name: "M3: no answer and no time", state: callback, responses: { "0": { NoAnswer: true } }, ends: { status: "RUNNING" } },
  ])("$name", ({ state, responses, ends }) => expect(result(one(state), mocks(responses as JsonObject))).toMatchObject(ends));

  test("M1: one count for a state, whatever brings it there", () => {
    const retry = { Retry: [{ ErrorEquals: ["Busy"] }], End: true };
    const each = { Type: "Map", ItemsPath: "$", ItemProcessor: machine({ Grind: task(retry) }), MaxConcurrency: 1, End: true };
    const responses = { "0": busy, "1": { Return: 1 }, "2": { Return: 2 } };
    expect(result(machine({ Each: each }), mocks(responses), ["--input", "[1,2]"])).toMatchObject({ output: [1, 2] });
  });
});

describe("the path", () => {
  const grinding = (End = true): JsonObject => task({ Parameters: { "i.$": "$" }, End });
  test("H1: branches and iterations stand within their state, attempts within a task", () => {
    const both = {
      Type: "Parallel",
      Branches: [
        machine({ Wait: { Type: "Wait", Seconds: 60, End: true } }),
        machine({ Each: { Type: "Map", ItemProcessor: machine({ Grind: grinding() }), End: true } }),
      ],
      Catch: [{ ErrorEquals: ["Empty"], Next: "Sorry" }],
      End: true,
    };
    const responses = { "0": { Return: "first" }, "1": { Throw: { Error: "Empty", Cause: "no beans" }, AfterSeconds: 5 } };
    const { status, stdout } = run(machine({ Both: both, Sorry: { Type: "Pass", Result: "sorry", End: true } }), mocks(responses), [
      "--input",
      "[1,2]",
    ]);
    expect(status).toBe(0);
    expect(stdout).toBe(`Shop, case Only

00:00:00  Both (Parallel)
            [0]
              00:00:00  Wait (Wait)
                          aborted
            [1]
              00:00:00  Each (Map)
                          [0]
                            00:00:00  Grind (Task)
                                        calls lambda:invoke with {"i":1}
                                        gets "first"
                          [1]
                            00:00:00  Grind (Task)
                                        calls lambda:invoke with {"i":2}
                                        fails with Empty: no beans
                          fails
            fails
            caught
00:00:05  Sorry (Pass)

SUCCEEDED after 5 s
"sorry"
`);
  });

  test("retries of a Map are told apart, and what a loop enters twice stands twice", () => {
    const each = {
      Type: "Map",
      ItemProcessor: machine({ Grind: grinding() }),
      Retry: [{ ErrorEquals: ["Empty"], IntervalSeconds: 9 }],
      ResultPath: "$[0]",
      Next: "Again?",
    };
    const again = { Type: "Choice", Choices: [{ Variable: "$[0][0]", StringEquals: "no", Next: "Done" }], Default: "Each" };
    const responses = { "0": { Throw: { Error: "Empty" } }, "1": { Return: "yes" }, "2": { Return: "no" } };
    const states = { Each: each, "Again?": again, Done: { Type: "Succeed" } };
    const { path } = result(machine(states), mocks(responses), ["--input", "[1]"]);
    expect(path.map(({ state, attempts }) => `${state} ${attempts.length}`)).toEqual([
      "Each 2",
      "Again? 0",
      "Each 1",
      "Again? 0",
      "Done 0",
    ]);
  });

  test("a retry around a Map that failed begins the outer one anew", () => {
    const inner = { Type: "Map", ItemProcessor: machine({ Grind: grinding() }), End: true };
    const outer = {
      Type: "Map",
      ItemProcessor: machine({ Inner: inner }),
      Retry: [{ ErrorEquals: ["Empty"], IntervalSeconds: 9 }],
      End: true,
    };
    const responses = { "0": { Throw: { Error: "Empty" } }, "1": { Return: "ground" } };
    const { stdout } = run(machine({ Outer: outer }), mocks(responses), ["--input", "[[1]]"]);
    const lines = stdout.split("\n").slice(2, -8);
    expect(lines.map((line) => line.replace(/ {2,}/g, " ").trimEnd())).toEqual([
      "00:00:00 Outer (Map)",
      " [0]",
      " 00:00:00 Inner (Map)",
      " [0]",
      " 00:00:00 Grind (Task)",
      ' calls lambda:invoke with {"i":1}',
      " fails with Empty",
      " fails",
      " fails",
      " retry 1 at 00:00:09",
      " [0]",
      " 00:00:09 Inner (Map)",
      " [0]",
      " 00:00:09 Grind (Task)",
      ' calls lambda:invoke with {"i":1}',
      ' gets "ground"',
    ]);
  });

  test("a Fail state in a branch is its Parallel state's failure", () => {
    const both = {
      Type: "Parallel",
      Branches: [machine({ No: { Type: "Fail", Error: "Empty" } })],
      Catch: [{ ErrorEquals: ["Empty"], Next: "Sorry" }],
    };
    const { stdout } = run(machine({ Both: { ...both, End: true }, Sorry: { Type: "Succeed" } }));
    expect(stdout).toContain(
      "(Parallel)\n            [0]\n              00:00:00  No (Fail)\n            fails\n            caught\n00:00:00  Sorry",
    );
  });

  test("H3, N4: a distributed Map reads mocked items; its calls are listed on their own", () => {
    const reader = { Resource: "arn:aws:states:::s3:getObject", Parameters: { Bucket: "b", Key: "k" } };
    const processor = { ...machine({ Grind: grinding() }), ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
    const each = { Type: "Map", ItemReader: reader, ItemProcessor: processor, End: true };
    const file = {
      StateMachines: { Shop: { TestCases: { Only: { Each: "Items", Grind: "M" } } } },
      MockedResponses: { Items: { "0": { Return: ["a", "b"] } }, M: { "0-1": { Return: "ground" } } },
    };
    const { status, stdout } = run(machine({ Each: each }), file);
    expect(status).toBe(0);
    expect(stdout).toContain(
      'Within distributed Maps:\n  Grind [0] with {"i":"a"} gets "ground"\n  Grind [1] with {"i":"b"} gets "ground"\n',
    );
  });
});

describe("exit status 1", () => {
  test("an execution that fails", () => {
    const { status, stdout } = run(one(task()), mocks({ "0": { Throw: { Error: "Empty", Cause: "no beans" } } }));
    expect({ status, end: stdout.split("\n").slice(-3) }).toEqual({ status: 1, end: ["FAILED after 0 s: Empty", "no beans", ""] });
  });
  test("an output that is not the one expected", () => {
    const { status, stdout } = run(one(task()), mocks({ "0": { Return: { a: [1, { b: 2 }] } } }), ["--expect", '{"a":[1,{"b":3}]}']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining("not as expected: output.a[1].b is 2, expected 3\n") });
  });
  test("0 where it is, in whatever order its members stand", () => {
    expect(run(one(task()), mocks({ "0": { Return: { a: 1, b: 2 } } }), ["--expect", '{"b":2,"a":1}']).status).toBe(0);
  });
});

describe("exit status 2: what is wrong is named", () => {
  const good = mocks({ "0": { Return: 1 } });
  const two = {
    StateMachines: { Shop: { TestCases: { A: { Grind: "M" }, B: { Grind: "M" } } } },
    MockedResponses: { M: { "0": { Return: 1 } } },
  };
  const choice = { ...two, StateMachines: { ...two.StateMachines, Bar: { TestCases: {} } } };
  test.each([
    {
      name: "a task without mocks",
      file: undefined,
      says: 'wrong mocks: state "Grind" calls arn:aws:states:::lambda:invoke and there are no mocks; expected --mocks FILE',
    },
    {
      name: "a task without a mock",
      file: mocks({}, {}),
      says: 'case "Only" has no mock for it; expected {"Grind": "NAME"} and MockedResponses',
    },
    {
      name: "a call too many",
      file: mocks({ "1-2": { Return: 1 } }),
      says: 'makes call number 0 and mock "M" has responses for "1-2"; expected one for "0"',
    },
    { name: "several cases", file: two, says: 'machine "Shop" has 2 cases, expected --case with one of "A", "B" or --all' },
    { name: "another case", file: two, words: ["--case", "C"], says: '--case is "C", expected one of machine "Shop": "A", "B"' },
    { name: "several machines", file: choice, says: 'mocks.json has 2 machines, expected --machine with one of "Shop", "Bar"' },
    {
      name: "a state that is not there",
      file: mocks({}, { Grnd: "M" }),
      says: 'case "Only": state "Grnd" is not in "shop.asl.json", expected one of "Grind"',
    },
    {
      name: "a mock that is not there",
      file: mocks({}, { Grind: "N" }),
      says: 'state "Grind" is "N", expected the name of one of MockedResponses: "M"',
    },
    { name: "a number that is none", file: mocks({ first: { Return: 1 } }), says: 'MockedResponses.M: "first" is no number of a call' },
    { name: "a range backwards", file: mocks({ "2-1": { Return: 1 } }), says: 'MockedResponses.M: "2-1" is no number of a call' },
    {
      name: "a number twice",
      file: mocks({ "0-2": { Return: 1 }, "2": { Return: 1 } }),
      says: 'MockedResponses.M: "0-2" stands for calls that another entry answers',
    },
    {
      name: "both",
      file: mocks({ "0": { Return: 1, Throw: { Error: "E" } } }),
      says: 'MockedResponses.M.0: has "Return", "Throw", expected one of',
    },
    { name: "a misspelt word", file: mocks({ "0": { Retrun: 1 } }), says: 'MockedResponses.M.0: "Retrun" is not known there' },
    { name: "a nameless error", file: mocks({ "0": { Throw: {} } }), says: 'MockedResponses.M.0.Throw: has none, expected "Error"' },
    {
      name: "no machines",
      file: { MockedResponses: {} },
      says: 'mock file: has "MockedResponses", expected "StateMachines", "MockedResponses"',
    },
    { name: "an input that is no JSON", file: good, words: ["--input", "{a"], says: '--input is "{a", expected JSON' },
    { name: "a file that is not there", file: good, words: ["--input", "@nowhere.json"], says: 'file "nowhere.json" cannot be read' },
    {
      name: "an option that is not known",
      file: good,
      words: ["--mock", "x"],
      says: "--mock is no flag of npm run asl, expected --mocks, ",
    },
    { name: "a time that is none", file: good, words: ["--start", "soon"], says: '--start is "soon", expected a time' },
  ])("$name", ({ file, words = [], says }) => {
    const { status, stdout, stderr } = run(one(task()), file as JsonValue | undefined, words);
    expect(status).toBe(2);
    expect(stdout + stderr).toContain(says);
  });

  test("a definition that AWS would refuse", () => {
    const { status, stderr } = run({ StartAt: "Grind", States: { Grind: { Type: "Pass", Next: "Brew" } } }, good);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("MISSING_TRANSITION_TARGET at /States/Grind/Next") });
  });

  test("N3: nothing catches a missing mock", () => {
    const states = { Grind: task({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "Sorry" }], End: true }), Sorry: { Type: "Succeed" } };
    const { status, stdout } = run(machine(states), mocks({}));
    expect({ status, stdout }).toEqual({ status: 2, stdout: expect.stringContaining("FAILED after 0 s: States.Runtime") });
  });
});

describe("the rest of the call", () => {
  test("--set fills in names, input comes from a file, A2: the time is the clock's and the second run as the first", () => {
    writeFileSync(join(folder, "input.json"), '{"n": 1}');
    const states = { Grind: { Type: "Task", Resource: "$" + "{Grind}", Output: "{% [$now(), $states.input.n] %}", End: true } };
    const words = ["--set", `Grind=${grind}`, "--input", "@input.json", "--start", "2026-11-22T09:00:00Z", "--json"];
    const runs = [1, 2].map(() =>
      run({ QueryLanguage: "JSONata", ...machine(states) }, mocks({ "0": { Return: 1, AfterSeconds: 5 } }), words),
    );
    expect(JSON.parse(runs[0]?.stdout ?? "")).toMatchObject({ status: "SUCCEEDED", output: ["2026-11-22T09:00:05.000Z", 1] });
    expect(runs[1]).toEqual(runs[0]);
  });

  test("validate", () => {
    writeFileSync(join(folder, "bad.asl.json"), JSON.stringify(one({ Type: "Pass", Seconds: 1 }), null, 2));
    expect(asl(["validate", "bad.asl.json"], folder)).toEqual({
      status: 1,
      stdout:
        "bad.asl.json:4: ERROR SCHEMA_VALIDATION_FAILED at /States/Grind: Field 'Seconds' is not supported\nbad.asl.json: 1 error, 0 warnings\n",
      stderr: "",
    });
    writeFileSync(join(folder, "none.asl.json"), '{"StartAt":');
    expect(asl(["validate", "none.asl.json"], folder)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^asl: file "none.asl.json" is not JSON: /),
    });
    writeFileSync(join(folder, "good.asl.json"), JSON.stringify(one({ Type: "Pass" })));
    expect(asl(["validate", "good.asl.json"], folder)).toEqual({ status: 0, stdout: "good.asl.json: 0 errors, 0 warnings\n", stderr: "" });
  });

  test("nothing, or --help, tells how", () => {
    expect(asl([])).toMatchObject({ status: 0, stdout: expect.stringContaining("npm run asl -- test FILE") });
    expect(asl(["tets", "x"])).toMatchObject({ status: 2, stderr: 'asl: COMMAND is "tets", expected test or validate\n' });
  });
});
