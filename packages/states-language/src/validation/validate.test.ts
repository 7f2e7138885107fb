import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
import { DefinitionError } from "../errors.ts";
import { lambda, single } from "../testing.ts";
import { validateDefinition, validateDefinitionText } from "./validate.ts";

/** `CODE message @location` of every finding. */
function findings(definition: JsonValue): string[] {
  return validateDefinition(definition).map(({ code, message, location }) => `${code} ${message} @${location ?? ""}`);
}
const schema = (message: string, location = "/States/S"): string => `SCHEMA_VALIDATION_FAILED ${message} @${location}`;
const notSupported = (field: string, location?: string): string => schema(`Field '${field}' is not supported`, location);
const pass = { Type: "Pass", End: true };
const task = (more: JsonObject = {}): JsonObject => single({ Type: "Task", Resource: lambda, ...more });
const jsonata = (state: JsonObject): JsonObject => ({ QueryLanguage: "JSONata", ...single(state) });
const map = (more: JsonObject): JsonObject => single({ Type: "Map", ItemProcessor: { StartAt: "I", States: { I: pass } }, ...more });
const distributed = (more: JsonObject): JsonObject =>
  single({
    Type: "Map",
    ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, StartAt: "I", States: { I: pass } },
    ...more,
  });
const choice = (...rules: JsonObject[]): JsonObject => ({
  StartAt: "S",
  States: { S: { Type: "Choice", Choices: rules, Default: "E" }, E: { Type: "Succeed" } },
});

describe("the machine and its graph", () => {
  test.each<{ name: string; definition: JsonValue; found: string[] }>([
    { name: "no object", definition: [], found: ["SCHEMA_VALIDATION_FAILED Definition must be a valid JSON object @"] },
    { name: "nothing in it", definition: {}, found: [schema("These fields are required: [States, StartAt]", "/")] },
    { name: "an unknown field", definition: { ...single(pass), Coment: "" }, found: [notSupported("Coment", "/")] },
    {
      name: "no end",
      definition: { StartAt: "A", States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } } },
      found: ["MISSING_END_STATE Workflow has no terminal state @"],
    },
    {
      name: "a target that is not there, a state nothing leads to",
      definition: { StartAt: "A", States: { A: { Type: "Pass", Next: "C" }, B: pass } },
      found: [
        "MISSING_TRANSITION_TARGET Missing 'Next' target: C @/States/A/Next",
        'MISSING_TRANSITION_TARGET State "B" is not reachable. @/States/B',
      ],
    },
    {
      name: "a branch may not lead outside",
      definition: {
        StartAt: "P",
        States: { P: { Type: "Parallel", Branches: [{ StartAt: "A", States: { A: { Type: "Pass", Next: "Z" } } }], Next: "Z" }, Z: pass },
      },
      found: ["MISSING_TRANSITION_TARGET Missing 'Next' target: Z @/States/P/Branches[0]/States/A/Next"],
    },
    {
      name: "a name used twice in one machine",
      definition: single({ Type: "Parallel", Branches: [{ StartAt: "S", States: { S: pass } }] }),
      found: ["DUPLICATE_STATE_NAME Duplicate State name: S @/States/S/Branches[0]/States/S"],
    },
    {
      name: "a name of 81 characters",
      definition: { StartAt: "x".repeat(81), States: { ["x".repeat(81)]: pass } },
      found: [`INVALID_STATE_NAME Invalid State name: ${"x".repeat(81)} @/States/${"x".repeat(81)}`],
    },
  ])("$name", ({ definition, found }) => expect(findings(definition)).toEqual(found));
});

describe("fields", () => {
  test.each<{ name: string; definition: JsonValue; found: string[] }>([
    { name: "no Type", definition: single({}), found: [schema("These fields are required: [Type]")] },
    {
      name: "an unknown Type",
      definition: single({ Type: "Brew" }),
      found: [schema("Value should be one of the following: [Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map]", "/States/S/Type")],
    },
    { name: "a Task without Resource", definition: single({ Type: "Task" }), found: [schema("These fields are required: [Resource]")] },
    {
      name: "neither Next nor End",
      definition: { StartAt: "S", States: { S: { Type: "Pass" }, E: pass } },
      found: [
        schema("There should be one of the following fields: [Next, End]"),
        'MISSING_TRANSITION_TARGET State "E" is not reachable. @/States/E',
      ],
    },
    {
      name: "Next and End",
      definition: { StartAt: "S", States: { S: { ...pass, Next: "S" } } },
      found: [schema("There should only be one of the following fields: [Next, End]")],
    },
    { name: "TimeoutSeconds on Map", definition: map({ TimeoutSeconds: 1 }), found: [notSupported("TimeoutSeconds")] },
    { name: "Retry on Pass", definition: single({ ...pass, Retry: [] }), found: [notSupported("Retry")] },
    { name: "ResultSelector on Pass", definition: single({ ...pass, ResultSelector: {} }), found: [notSupported("ResultSelector")] },
    {
      name: "Result in JSONata",
      definition: jsonata({ Type: "Pass", Result: 1 }),
      found: [schema("The QueryLanguage is set to 'JSONata', but field 'Result' is only supported for the 'JSONPath' QueryLanguage")],
    },
    {
      name: "Output in JSONPath",
      definition: single({ ...pass, Output: 1 }),
      found: [schema("The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage")],
    },
    {
      name: "back to JSONPath in a JSONata machine",
      definition: jsonata({ Type: "Pass", QueryLanguage: "JSONPath", InputPath: "$.a" }),
      found: [schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")],
    },
    {
      name: "a resource of no service",
      definition: single({ Type: "Task", Resource: "foo:bar" }),
      found: [
        schema(
          "The resource provided foo:bar is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.",
          "/States/S/Resource",
        ),
      ],
    },
    {
      name: "InputPath that is no path",
      definition: single({ ...pass, InputPath: "a.b" }),
      found: [schema("Value is not a valid JSONPath", "/States/S/InputPath")],
    },
    {
      name: "ResultPath that points at many",
      definition: single({ ...pass, ResultPath: "$.a[*]" }),
      found: [schema("Value is not a Reference Path", "/States/S/ResultPath")],
    },
    {
      name: "ResultPath into a variable",
      definition: single({ ...pass, ResultPath: "$x" }),
      found: [schema("Value is not a Reference Path", "/States/S/ResultPath")],
    },
    {
      name: "a time out of range",
      definition: task({ TimeoutSeconds: 0 }),
      found: [schema("Minimum value is 1", "/States/S/TimeoutSeconds")],
    },
    {
      name: "a time that is text",
      definition: task({ TimeoutSeconds: "5" }),
      found: [schema("Expected value of type [INTEGER]", "/States/S/TimeoutSeconds")],
    },
    {
      name: "a heartbeat no shorter than the timeout",
      definition: task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
      found: [schema("HeartbeatSeconds must be less than TimeoutSeconds")],
    },
    {
      name: "both forms of a time",
      definition: task({ TimeoutSeconds: 5, TimeoutSecondsPath: "$.t" }),
      found: [schema("There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath]")],
    },
    {
      name: "a Wait for nothing",
      definition: single({ Type: "Wait" }),
      found: [schema("There should be one of the following fields: [Seconds, SecondsPath, Timestamp, TimestampPath]")],
    },
    {
      name: "a Timestamp without zone",
      definition: single({ Type: "Wait", Timestamp: "2026-01-01T00:00:00" }),
      found: [schema("String does not match RFC3339 timestamp", "/States/S/Timestamp")],
    },
    {
      name: "Credentials without RoleArn",
      definition: task({ Credentials: {} }),
      found: [schema("The field 'RoleArn' is required but was missing", "/States/S/Credentials")],
    },
    {
      name: "a variable named states",
      definition: single({ ...pass, Assign: { states: 1 } }),
      found: [schema("The variable name 'states' is not valid", "/States/S/Assign")],
    },
  ])("$name", ({ definition, found }) => expect(findings(definition)).toEqual(found));
});

describe("templates and expressions", () => {
  const dynamic = "The value for the field 'v.$' must be a valid JSONPath or a valid intrinsic function call";
  test.each<{ name: string; definition: JsonValue; found: string[] }>([
    {
      name: "a number under .$",
      definition: single({ ...pass, Parameters: { "v.$": 1 } }),
      found: [schema(dynamic, "/States/S/Parameters")],
    },
    {
      name: "an unknown intrinsic function, deep inside",
      definition: single({ ...pass, Parameters: { a: [{ "v.$": "States.Brew()" }] } }),
      found: [schema(dynamic, "/States/S/Parameters")],
    },
    {
      name: "an unknown path function",
      definition: single({ ...pass, Parameters: { "v.$": "$.a.brew()" } }),
      found: [schema(dynamic, "/States/S/Parameters")],
    },
    {
      name: "a field twice",
      definition: single({ ...pass, Parameters: { v: 1, "v.$": "$" } }),
      found: [schema("The field 'v' is defined more than once", "/States/S/Parameters")],
    },
    {
      name: "a forgotten .$ is a warning",
      definition: single({ ...pass, Parameters: { v: "$.a" } }),
      found: ["NO_DOLLAR No .$ on a field that appears to be a JSONPath or Intrinsic Function: 'v' @/States/S/Parameters"],
    },
    {
      name: "a path as Result is a warning",
      definition: single({ ...pass, Result: "$.a" }),
      found: ["PASS_RESULT_IS_STATIC Attempt to use a path in the result of a pass state. @/States/S/Result"],
    },
    {
      name: "JSONata that does not parse",
      definition: jsonata({ Type: "Pass", Output: { v: "{% 1 + %}" } }),
      found: ["INVALID_JSONATA_EXPRESSION Unexpected end of expression @/States/S/Output/v"],
    },
    {
      name: "JSONata without its end",
      definition: jsonata({ Type: "Pass", Output: "{% 1" }),
      found: ["INVALID_JSONATA_EXPRESSION A JSONata expression must start with '{%' and end with '%}' @/States/S/Output"],
    },
    {
      name: "a name at the top level",
      definition: jsonata({ Type: "Pass", Output: "{% phone.home %}" }),
      found: ["UNSUPPORTED_JSONATA_EXPRESSION Reference to 'phone' at the top level is not supported. @/States/S/Output"],
    },
    {
      name: "a name within a path is none",
      definition: jsonata({ Type: "Pass", Output: "{% $states.input.list[price > 2].{'n': name} %}" }),
      found: [],
    },
    {
      name: "$$",
      definition: jsonata({ Type: "Pass", Output: "{% $$.a %}" }),
      found: ["UNSUPPORTED_JSONATA_EXPRESSION Reference to '$$' is not supported. @/States/S/Output"],
    },
    {
      name: "errorOutput outside a Catch",
      definition: jsonata({ Type: "Pass", Output: "{% $states.errorOutput %}" }),
      found: ["UNSUPPORTED_JSONATA_EXPRESSION Field '$states.errorOutput' does not exist. @/States/S/Output"],
    },
    {
      name: "errorOutput in a Catch",
      definition: {
        QueryLanguage: "JSONata",
        StartAt: "S",
        States: {
          S: {
            Type: "Task",
            Resource: lambda,
            Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput %}", Next: "E" }],
            Next: "E",
          },
          E: pass,
        },
      },
      found: [],
    },
  ])("$name", ({ definition, found }) => expect(findings(definition)).toEqual(found));
});

describe("Retry, Catch, Choice and Map", () => {
  const retry = (...retriers: JsonObject[]): JsonObject => task({ Retry: retriers });
  const variable = { Variable: "$.a", Next: "E" };
  test.each<{ name: string; definition: JsonValue; found: string[] }>([
    { name: "no ErrorEquals", definition: retry({}), found: [schema("These fields are required: [ErrorEquals]", "/States/S/Retry[0]")] },
    {
      name: "an empty ErrorEquals",
      definition: retry({ ErrorEquals: [] }),
      found: [schema("Array must contain at least 1 item", "/States/S/Retry[0]/ErrorEquals")],
    },
    {
      name: "States.ALL not last",
      definition: retry({ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["E"] }),
      found: [schema("'States.ALL' can only appear alone and in the last element of the array", "/States/S/Retry[0]/ErrorEquals")],
    },
    {
      name: "a BackoffRate below 1",
      definition: retry({ ErrorEquals: ["E"], BackoffRate: 0.5 }),
      found: [schema("Minimum value is 1.0", "/States/S/Retry[0]/BackoffRate")],
    },
    {
      name: "an unknown jitter",
      definition: retry({ ErrorEquals: ["E"], JitterStrategy: "HALF" }),
      found: [schema("Value should be one of the following: [FULL, NONE]", "/States/S/Retry[0]/JitterStrategy")],
    },
    {
      name: "a Catch without Next",
      definition: task({ Catch: [{ ErrorEquals: ["E"] }] }),
      found: [schema("These fields are required: [Next]", "/States/S/Catch[0]")],
    },
    {
      name: "a rule without operator",
      definition: choice(variable),
      found: [schema("A choice rule must have exactly one comparison operator", "/States/S/Choices[0]")],
    },
    {
      name: "a rule with two",
      definition: choice({ ...variable, IsNull: true, IsPresent: true }),
      found: [schema("A choice rule must have exactly one comparison operator", "/States/S/Choices[0]")],
    },
    {
      name: "an unknown operator",
      definition: choice({ ...variable, StringContains: "a" }),
      found: [notSupported("StringContains", "/States/S/Choices[0]")],
    },
    {
      name: "an operand of another type",
      definition: choice({ ...variable, NumericEquals: "1" }),
      found: [schema("Expected value of type [NUMBER]", "/States/S/Choices[0]/NumericEquals")],
    },
    {
      name: "Next within And",
      definition: choice({ And: [{ ...variable, IsNull: true }], Next: "E" }),
      found: [notSupported("Next", "/States/S/Choices[0]/And[0]")],
    },
    {
      name: "a Map without processor",
      definition: single({ Type: "Map" }),
      found: [schema("There should be one of the following fields: [ItemProcessor, Iterator]")],
    },
    {
      name: "a query language for a processor",
      definition: single({ Type: "Map", ItemProcessor: { QueryLanguage: "JSONata", StartAt: "I", States: { I: pass } } }),
      found: [notSupported("QueryLanguage", "/States/S/ItemProcessor")],
    },
    {
      name: "a negative concurrency",
      definition: map({ MaxConcurrency: -1 }),
      found: [schema("Minimum value is 0", "/States/S/MaxConcurrency")],
    },
    {
      name: "a percentage above 100",
      definition: distributed({ ToleratedFailurePercentage: 101 }),
      found: [schema("Maximum value is 100.0", "/States/S/ToleratedFailurePercentage")],
    },
    {
      name: "both forms of MaxItems",
      definition: distributed({
        ItemReader: { Resource: "arn:aws:states:::s3:getObject", ReaderConfig: { MaxItems: 1, MaxItemsPath: "$.m" } },
      }),
      found: [schema("There should only be one of the following fields: [MaxItems, MaxItemsPath]", "/States/S/ItemReader/ReaderConfig")],
    },
    {
      name: "a reader for an inline Map",
      definition: map({ ItemReader: { Resource: "arn:aws:states:::s3:getObject" } }),
      found: [schema("Field 'ItemReader' is only supported for Map states in DISTRIBUTED mode")],
    },
    {
      name: "a label of 41 characters",
      definition: distributed({ Label: "x".repeat(41) }),
      found: [`INVALID_LABEL_NAME Invalid label name: ${"x".repeat(41)} @/States/S/Label`],
    },
  ])("$name", ({ definition, found }) => expect(findings(definition)).toEqual(found));
});

describe("texts", () => {
  test.each([
    { name: "nothing", text: " ", code: "SCHEMA_VALIDATION_FAILED", message: /must be a valid JSON object/ },
    { name: "no JSON", text: "coffee please", code: "INVALID_JSON_DESCRIPTION", message: /^Unrecognized token 'coffee'/ },
    { name: "half an object", text: '{"StartAt":', code: "INVALID_JSON_DESCRIPTION", message: /^Unexpected character/ },
  ])("$name", ({ text, code, message }) => {
    expect(validateDefinitionText(text)[0]).toMatchObject({ severity: "ERROR", code, message: expect.stringMatching(message) });
  });

  test("a good one has no findings", () => expect(validateDefinitionText(JSON.stringify(single(pass)))).toEqual([]));
});

test("compile refuses in AWS's words, all findings in one message", () => {
  const bad = { StartAt: "A", States: { A: { Type: "Pass", Next: "C" }, B: pass } };
  expect(() => compile(bad)).toThrow(DefinitionError);
  expect(() => compile(bad)).toThrow(
    `Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: C at /States/A/Next, MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B'`,
  );
  expect(() => compile({ StartAt: "A", States: { A: { Type: "Pass", Next: "A" } } })).toThrow("Workflow has no terminal state at null'");
});

test("a warning does not keep a definition from running", () => {
  expect(() => compile(single({ ...pass, Result: "$.a" }))).not.toThrow();
});

test("a state has no more paths than can be compiled in one turn of the loop", () => {
  const state = (count: number) => ({ Type: "Pass", Parameters: { "a.$": `States.Array(${"$.a,".repeat(count)}$.a)` }, End: true });
  const machine = (count: number) => ({ StartAt: "S", States: { S: state(count) } });
  expect(findings(machine(30_000))).toEqual([]);
  const refused = schema(
    "The paths and intrinsic functions of one state must not have more than 131072 characters",
    "/States/S/Parameters",
  );
  expect(findings(machine(33_000))).toEqual([refused]);
  const { End: _, ...first } = state(30_000);
  expect(findings({ StartAt: "S", States: { S: { ...first, Next: "T" }, T: state(30_000) } })).toEqual([]);
});

describe("operators of JSONata that are slow to read", () => {
  const output = (expression: string) =>
    validateDefinition({
      QueryLanguage: "JSONata",
      StartAt: "S",
      States: { S: { Type: "Pass", Output: `{% ${expression} %}`, End: true } },
    });
  test.each([
    { name: "a hundred parents are taken", expression: `$states.input${".b.%".repeat(100)}`, found: [] },
    {
      name: "one more is refused",
      expression: `$states.input${".b.%".repeat(101)}`,
      found: ["The parent operator '%' is used 101 times, expected at most 100."],
    },
    {
      name: "so are focus variables",
      expression: `$states.input${".a@$b".repeat(101)}`,
      found: ["The operator '@' is used 101 times, expected at most 100."],
    },
    { name: "remainders do not count", expression: `[${"7 % 2, $states.input.a % 3, (4) % 2, ".repeat(50)}1]`, found: [] },
    {
      name: "what stands in strings and comments does not count",
      expression: `"${"%20.% @".repeat(200)}" & '${".%@".repeat(200)}' /* ${".%".repeat(200)} */`,
      found: [],
    },
  ])("$name", ({ expression, found }) => expect(output(expression).map(({ message }) => message)).toEqual(found));
});
