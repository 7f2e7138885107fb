import type { JsonValue } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { newBudget } from "./budget.ts";
import { compileIntrinsic } from "./intrinsic-parser.ts";
import { environment, play, single, startMs } from "./testing.ts";

const input: JsonValue = { name: "Ana", n: 7, list: [1, 2, 2, [3]], object: { b: 2, a: [null, "x"] }, text: "latte, mocha" };

function call(text: string): JsonValue {
  const played = play(single({ Type: "Pass", Parameters: { "value.$": text } }), input);
  return played.outcome?.status === "SUCCEEDED"
    ? (played.outcome.output as { value: JsonValue }).value
    : { failed: `${played.outcome?.status === "FAILED" && played.outcome.error}` };
}

describe("values", () => {
  test.each<{ text: string; value: JsonValue }>([
    { text: "States.Format('Hi {}, {} of {}', $.name, $.n, $.list)", value: "Hi Ana, 7 of [1, 2, 2, [3]]" },
    { text: "States.Format('{}', $.object)", value: "{b=2, a=[null, x]}" },
    { text: "States.Format('\\{\\} {} it\\'s \\\\', null)", value: "{} null it's \\" },
    { text: "States.Format('{}', States.Format('<{}>', $.name))", value: "<Ana>" },
    { text: "States.StringToJson('[1,2]')", value: [1, 2] },
    { text: "States.JsonToString($.object)", value: '{"b":2,"a":[null,"x"]}' },
    { text: "States.Array($.n, 'x', null, true, 1.5)", value: [7, "x", null, true, 1.5] },
    { text: "States.Array()", value: [] },
    { text: "States.ArrayPartition($.list, 3)", value: [[1, 2, 2], [[3]]] },
    { text: "States.ArrayContains($.list, States.Array(3))", value: true },
    { text: "States.ArrayRange(1, 10, 4)", value: [1, 5, 9] },
    { text: "States.ArrayRange(3, 1, -1)", value: [3, 2, 1] },
    { text: "States.ArrayGetItem($.list, 3)", value: [3] },
    { text: "States.ArrayLength($.list)", value: 4 },
    { text: "States.ArrayUnique($.list)", value: [1, 2, [3]] },
    { text: "States.Base64Encode('café')", value: "Y2Fmw6k=" },
    { text: "States.Base64Decode('Y2Fmw6k=')", value: "café" },
    { text: "States.Hash('coffee', 'SHA-1')", value: "44213f9f4d59b557314fadcd233232eebcac8012" },
    { text: "States.JsonMerge($.object, States.StringToJson('{\"b\":3}'), false)", value: { b: 3, a: [null, "x"] } },
    { text: "States.MathAdd($.n, -2)", value: 5 },
    { text: "States.MathAdd(1.5, 1.4)", value: 3 },
    { text: "States.MathRandom(1, 100)", value: 50 },
    { text: "States.StringSplit($.text, ', ')", value: ["latte", "mocha"] },
    { text: "States.UUID()", value: "uuid-1" },
  ])("$text", ({ text, value }) => {
    expect(call(text)).toEqual(value);
  });

  test("a seed gives the same number again, within its bounds", () => {
    const first = call("States.MathRandom(5, 10, 42)");
    expect(call("States.MathRandom(5, 10, 42)")).toBe(first);
    expect(first).toBeGreaterThanOrEqual(5);
    expect(first).toBeLessThan(10);
  });
});

describe("failures at run time", () => {
  test.each([
    { text: "States.StringToJson($.name)", error: "States.IntrinsicFailure" },
    { text: "States.ArrayGetItem($.list, 9)", error: "States.IntrinsicFailure" },
    { text: "States.ArrayPartition($.list, 0)", error: "States.IntrinsicFailure" },
    { text: "States.ArrayRange(1, 2, 0)", error: "States.IntrinsicFailure" },
    { text: "States.ArrayRange(1, 5000, 1)", error: "States.IntrinsicFailure" },
    { text: "States.ArrayLength($.name)", error: "States.IntrinsicFailure" },
    { text: "States.Format('{}')", error: "States.IntrinsicFailure" },
    { text: "States.Format('x', 1)", error: "States.IntrinsicFailure" },
    { text: "States.Hash('a', 'SHA-3')", error: "States.IntrinsicFailure" },
    { text: "States.JsonMerge($.object, $.object, true)", error: "States.IntrinsicFailure" },
    { text: "States.Base64Decode('*')", error: "States.IntrinsicFailure" },
    { text: "States.Array($.missing)", error: "States.Runtime" },
  ])("$text", ({ text, error }) => expect(call(text)).toEqual({ failed: error }));
});

test.each([
  "States.Nothing(1)",
  "States.Format(",
  "States.Format('a'",
  "States.Format('a) ",
  "States.Format('a') x",
  "States.Format(a)",
  "States.UUID(1)",
  "States.Format('\\q')",
  `${"States.Array(".repeat(11)}${")".repeat(11)}`,
])("is no call: %s", (text) => expect(() => compileIntrinsic(text)).toThrow(/character/));

test("variables and the context object are arguments too", () => {
  const expression = compileIntrinsic("States.Array($x.y, $$.Execution.Name)");
  const frame = {
    env: environment(startMs),
    budget: newBudget(),
    input: {},
    stateInput: {},
    context: () => ({ Execution: { Name: "run" } }),
    variable: (name: string) => (name === "x" ? { y: 1 } : undefined),
  };
  expect(expression(frame)).toEqual([1, "run"]);
});
