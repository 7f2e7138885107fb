/** Definitions that AWS would accept, and data, for property tests. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import fc from "fast-check";
import { lambda } from "./testing.ts";

/** As a document or a payload comes in: parsed. What fast-check makes may have no prototype, which no text of JSON parses to. */
const parsed = <T>(made: T): T => JSON.parse(JSON.stringify(made)) as T;

const value = fc.oneof(fc.constant(null), fc.boolean(), fc.integer({ min: -9, max: 9 }), fc.constantFrom("a", "b", "2026-01-01T09:00:10Z"));
/** JSON values with few member names, so that paths often find something. */
export const data: fc.Arbitrary<JsonValue> = fc
  .letrec<{ json: JsonValue }>((tie) => ({
    json: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      value,
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "list", "n"), tie("json"), { maxKeys: 3 }),
    ),
  }))
  .json.map(parsed);
const path = fc.constantFrom(
  "$",
  "$.a",
  "$.b",
  "$.list",
  "$.n",
  "$.list[0]",
  "$.a.b",
  "$.list[*]",
  "$..n",
  "$$.Execution.Input",
  "$$.State.Name",
  "$x",
);
const place = fc.constantFrom("$", "$.a", "$.list", "$.a.b", "$.list[0]", null);
const dynamic = fc.oneof(
  path,
  fc.constantFrom(
    "States.UUID()",
    "States.Array($.a, $.b)",
    "States.ArrayLength($.list)",
    "States.Format('{}', $.n)",
    "States.MathRandom(0, 9)",
  ),
);
const template = fc.oneof(
  fc.record({ "a.$": dynamic, n: data }),
  fc.record({ list: fc.array(fc.record({ "b.$": dynamic }), { maxLength: 2 }) }),
  fc.constant({ "list.$": "$" }),
);
const dataFlow = fc.record(
  { InputPath: fc.oneof(path, fc.constant(null)), OutputPath: fc.oneof(path, fc.constant(null)), Assign: fc.record({ "x.$": dynamic }) },
  { requiredKeys: [] },
);
const resultFlow = fc.record({ Parameters: template, ResultPath: place }, { requiredKeys: [] });
const retrier = fc.record({
  ErrorEquals: fc.constantFrom(["E"], ["States.TaskFailed"], ["States.Timeout"]),
  MaxAttempts: fc.integer({ min: 0, max: 2 }),
  IntervalSeconds: fc.integer({ min: 1, max: 5 }),
});
const rule = fc.oneof(
  fc.record({ Variable: fc.constantFrom("$.a", "$.n", "$.list[0]"), IsPresent: fc.boolean() }),
  fc.record({ Variable: fc.constantFrom("$.a", "$.n"), NumericLessThan: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ Not: fc.record({ Variable: fc.constant("$.n"), StringMatches: fc.constantFrom("*", "a*") }) }),
);

/** A chain of states, each leading to the next; Choice and Catch may skip ahead, so that every machine ends. */
interface Shape {
  readonly states: readonly JsonObject[];
  readonly skips: readonly number[];
}
const programs = fc.letrec<{ program: Shape; state: JsonObject }>((tie) => ({
  program: fc.record({
    states: fc.array(tie("state"), { minLength: 1, maxLength: 4 }),
    skips: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }),
  }),
  state: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    fc.tuple(dataFlow, resultFlow).map(([a, b]) => ({ Type: "Pass", ...a, ...b }) as JsonObject),
    dataFlow.map((flow) => ({ Type: "Wait", Seconds: 3, ...flow }) as JsonObject),
    fc.constant({ Type: "Fail", Error: "E", Cause: "generated" } as JsonObject),
    fc.array(rule, { minLength: 1, maxLength: 2 }).map((Choices) => ({ Type: "Choice", Choices }) as JsonObject),
    fc
      .tuple(dataFlow, resultFlow, fc.array(retrier, { maxLength: 2 }), fc.boolean())
      .map(
        ([a, b, Retry, caught]) =>
          ({ Type: "Task", Resource: lambda, TimeoutSeconds: 4, ...a, ...b, Retry, ...(caught && { Catch: [] }) }) as JsonObject,
      ),
    fc
      .tuple(fc.array(tie("program"), { minLength: 1, maxLength: 3 }), fc.array(retrier, { maxLength: 1 }), fc.boolean())
      .map(
        ([branches, Retry, caught]) =>
          ({ Type: "Parallel", Branches: branches as unknown as JsonValue, Retry, ...(caught && { Catch: [] }) }) as JsonObject,
      ),
    fc.tuple(tie("program"), fc.integer({ min: 0, max: 2 }), fc.boolean(), fc.boolean()).map(
      ([program, MaxConcurrency, distributed, caught]) =>
        ({
          Type: "Map",
          ItemsPath: "$.list",
          ItemProcessor: program as unknown as JsonValue,
          MaxConcurrency,
          distributed,
          ...(caught && { Catch: [] }),
        }) as JsonObject,
    ),
  ),
}));

/** Names the states and leads them forwards. */
function build(shape: Shape, prefix: string): JsonObject {
  const names = shape.states.map((_, i) => `${prefix}${i}`);
  const end = `${prefix}End`;
  const states = shape.states.map((state, i): [string, JsonObject] => {
    const next = names[i + 1] ?? end;
    const skip = names[i + 1 + (shape.skips[i] as number)] ?? end;
    return [names[i] as string, finish(state, next, skip, `${prefix}${i}.`)];
  });
  const program = { StartAt: names[0] as string, States: { ...Object.fromEntries(states), [end]: { Type: "Succeed" } } };
  return { ...program, States: reachable(program) };
}

function finish(state: JsonObject, next: string, skip: string, prefix: string): JsonObject {
  const { Catch: caught, distributed, ...rest } = state;
  const on = { Next: next, ...(caught !== undefined && { Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: skip }] }) };
  if (rest.Type === "Fail") return rest;
  if (rest.Type === "Choice") {
    return { ...rest, Choices: (rest.Choices as JsonObject[]).map((each) => ({ ...each, Next: skip })), Default: next };
  }
  if (rest.Type === "Parallel")
    return { ...rest, ...on, Branches: (rest.Branches as unknown as Shape[]).map((branch, i) => build(branch, `${prefix}${i}.`)) };
  if (rest.Type !== "Map") return { ...rest, ...on };
  const mode = distributed === true ? { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } } : {};
  return { ...rest, ...on, ItemProcessor: { ...mode, ...build(rest.ItemProcessor as unknown as Shape, prefix) } };
}

/** Leaves out states that no transition leads to: AWS refuses them. */
function reachable({ StartAt, States }: { readonly StartAt: string; readonly States: Readonly<Record<string, JsonObject>> }): JsonObject {
  const found = new Set([StartAt]);
  for (const name of found)
    for (const [, target] of JSON.stringify(States[name]).matchAll(/"(?:Next|Default)":"([^"]+)"/g))
      if (target && Object.hasOwn(States, target)) found.add(target);
  return Object.fromEntries(Object.entries(States).filter(([name]) => found.has(name)));
}

/** Definitions that AWS accepts, of every state type; tasks may fail and catchers may handle it. */
export const definitions = programs.program.map((shape) => parsed(build(shape, "S")));

const kept = { ResultPath: "$.r", Assign: { "x.$": "$" } };
const sure = fc.letrec<{ program: Shape; state: JsonObject }>((tie) => ({
  program: fc.record({ states: fc.array(tie("state"), { minLength: 1, maxLength: 4 }), skips: fc.constant([0, 0, 0, 0]) }),
  state: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    data.map((Result): JsonObject => ({ Type: "Pass", Result, ...kept })),
    fc.constant<JsonObject>({ Type: "Wait", Seconds: 3, Assign: { "x.$": "$.n" } }),
    fc.tuple(fc.array(retrier, { maxLength: 1 }), fc.boolean()).map(
      ([Retry, all]): JsonObject => ({
        Type: "Task",
        Resource: lambda,
        TimeoutSeconds: 4,
        Retry,
        ...kept,
        ...(all && { Parameters: { "all.$": "$" } }),
      }),
    ),
    fc
      .array(tie("program"), { minLength: 1, maxLength: 3 })
      .map((branches): JsonObject => ({ Type: "Parallel", Branches: branches as unknown as JsonValue, ...kept })),
    fc.tuple(tie("program"), fc.integer({ min: 0, max: 2 }), fc.boolean()).map(
      ([program, MaxConcurrency, distributed]): JsonObject => ({
        Type: "Map",
        ItemsPath: "$.list",
        ItemSelector: { "n.$": "$$.Map.Item.Value", list: [7, 8] },
        ItemProcessor: program as unknown as JsonValue,
        MaxConcurrency,
        distributed,
        ...kept,
      }),
    ),
  ),
}));
/** Definitions that succeed for an input `{n, list}` as long as no task fails; they have no catchers. */
export const sureDefinitions = sure.program.map((shape) => parsed(build(shape, "S")));
