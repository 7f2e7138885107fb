import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { output, play, single } from "./testing.ts";

describe("data flow of a JSONPath state", () => {
  test.each<{ name: string; state: JsonObject; input: JsonValue; gives: JsonValue }>([
    { name: "Pass hands its input on", state: { Type: "Pass" }, input: { a: 1 }, gives: { a: 1 } },
    { name: "Result is static", state: { Type: "Pass", Result: { "x.$": "$.a" } }, input: {}, gives: { "x.$": "$.a" } },
    { name: "InputPath null gives an empty object", state: { Type: "Pass", InputPath: null }, input: { a: 1 }, gives: {} },
    {
      name: "ResultPath null gives the input back",
      state: { Type: "Pass", Result: 5, ResultPath: null },
      input: { a: 1 },
      gives: { a: 1 },
    },
    {
      name: "ResultPath makes what is missing",
      state: { Type: "Pass", Result: 5, ResultPath: "$.b.c" },
      input: { a: 1 },
      gives: { a: 1, b: { c: 5 } },
    },
    {
      name: "ResultPath into an array",
      state: { Type: "Pass", Result: 5, ResultPath: "$.l[1]" },
      input: { l: [1, 2] },
      gives: { l: [1, 5] },
    },
    {
      name: "the result joins the raw input, not what InputPath took",
      state: { Type: "Pass", InputPath: "$.a", ResultPath: "$.b" },
      input: { a: 1 },
      gives: { a: 1, b: 1 },
    },
    { name: "OutputPath narrows last", state: { Type: "Pass", Result: 5, ResultPath: "$.b", OutputPath: "$.b" }, input: {}, gives: 5 },
    {
      name: "Parameters: paths, context, constants, nested lists",
      state: { Type: "Pass", Parameters: { "n.$": "$.a", list: [{ "id.$": "$$.Execution.Name" }], fixed: "$.a" } },
      input: { a: 1 },
      gives: { n: 1, list: [{ id: "run" }], fixed: "$.a" },
    },
    {
      name: "the execution's input stays within reach",
      state: { Type: "Pass", Parameters: { "i.$": "$$.Execution.Input.a" } },
      input: { a: 1 },
      gives: { i: 1 },
    },
    {
      name: "__proto__ is a name like any other",
      state: { Type: "Pass", Result: 5, ResultPath: "$.__proto__" },
      input: {},
      gives: JSON.parse('{"__proto__":5}'),
    },
  ])("$name", ({ state, input, gives }) => expect(output(single(state), input)).toEqual(gives));

  test.each([
    {
      name: "a missing InputPath",
      state: { Type: "Pass", InputPath: "$.x" },
      error: "States.Runtime",
      cause: /Invalid path '\$\.x' : No results for path: \$\['x'\]/,
    },
    {
      name: "a missing path in Parameters",
      state: { Type: "Pass", Parameters: { "v.$": "$.x" } },
      error: "States.Runtime",
      cause: /field 'v\.\$' could not be found/,
    },
    {
      name: "a ResultPath that does not fit",
      state: { Type: "Pass", Result: 1, ResultPath: "$.a.b" },
      error: "States.ResultPathMatchFailure",
      cause: /Unable to apply/,
    },
  ])("$name fails with $error", ({ state, error, cause }) => {
    const { outcome } = play(single(state), { a: "text" });
    expect(outcome).toMatchObject({ status: "FAILED", error, cause: expect.stringMatching(cause) });
    expect((outcome as { cause: string }).cause).toMatch(
      /^An error occurred while executing the state 'S' \(entered at the event id #2\)\. /,
    );
  });
});
