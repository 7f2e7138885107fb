import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { afterAll, describe, expect, test } from "vitest";
import { decideWith } from "../evaluator/decide-with.ts";
import { createEvaluator } from "../evaluator/evaluator.ts";
import { compile } from "./compile.ts";
import { start } from "./decide.ts";
import { EvaluationPending } from "./decision.ts";
import { always, context, environment, fails, lambda, play, single, startMs, type World } from "./testing.ts";

const evaluator = createEvaluator({ deadlineMs: 5_000 });
afterAll(() => evaluator.close());
/** Plays an execution with JSONata. */
const playQueries = (definition: JsonObject, input: JsonValue, world: World = () => []) =>
  decideWith(evaluator, (evaluate) => play(definition, input, { world, env: { evaluate } }));
const outputOf = async (definition: JsonObject, input: JsonValue, world?: World): Promise<JsonValue | undefined> => {
  const { outcome } = await playQueries(definition, input, world);
  return outcome?.status === "SUCCEEDED" ? outcome.output : undefined;
};

describe("JSONata states", () => {
  const state = (fields: JsonObject): JsonObject => ({ QueryLanguage: "JSONata", ...single(fields) });
  const run = (fields: JsonObject, input: JsonValue, world: World = () => []) => playQueries(state(fields), input, world);

  test.each<{ name: string; fields: JsonObject; input: JsonValue; gives: JsonValue }>([
    {
      name: "Output",
      fields: { Type: "Pass", Output: { sum: "{% $sum($states.input) %}", fixed: " {% no %} " } },
      input: [1, 2],
      gives: { sum: 3, fixed: " {% no %} " },
    },
    {
      name: "the context object",
      fields: { Type: "Succeed", Output: "{% $states.context.Execution.Name & $states.context.State.Name %}" },
      input: {},
      gives: "runS",
    },
    {
      name: "Wait for an expression's seconds",
      fields: { Type: "Wait", Seconds: "{% $states.input.s %}" },
      input: { s: 2 },
      gives: { s: 2 },
    },
    { name: "all of $states at once", fields: { Type: "Pass", Output: "{% $keys($states) %}" }, input: 1, gives: ["input", "context"] },
  ])("$name", async ({ fields, input, gives }) => {
    expect((await run(fields, input)).outcome).toEqual({ status: "SUCCEEDED", output: gives });
  });

  test("Arguments, result, Assign: variables are assigned together, from their old values", async () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { x: 1, y: 2 }, Next: "B" },
        B: {
          Type: "Task",
          Resource: lambda,
          Arguments: { n: "{% $x + $y %}" },
          Assign: { x: "{% $y %}", y: "{% $x %}" },
          Output: "{% $states.result * 10 %}",
          Next: "C",
        },
        C: { Type: "Succeed", Output: "{% [$states.input, $x, $y] %}" },
      },
    };
    const world = always(({ parameters }) => (parameters as { n: number }).n);
    expect(await outputOf(definition, {}, world)).toEqual([30, 2, 1]);
  });

  test("Choice: conditions, a rule's Assign and Output, the state's own for Default", async () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "C",
      States: {
        C: {
          Type: "Choice",
          Choices: [{ Condition: "{% $states.input.n > 5 %}", Assign: { size: "big" }, Output: "{% $states.input.n %}", Next: "D" }],
          Default: "D",
          Assign: { size: "small" },
        },
        D: { Type: "Succeed", Output: "{% {'in': $states.input, 'size': $size} %}" },
      },
    };
    expect(await outputOf(definition, { n: 6 })).toEqual({ in: 6, size: "big" });
    expect(await outputOf(definition, { n: 1 })).toEqual({ in: { n: 1 }, size: "small" });
  });

  test("a Catch may give Output and Assign from the error output", async () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "T",
      States: {
        T: {
          Type: "Task",
          Resource: lambda,
          Catch: [
            { ErrorEquals: ["E"], Output: "{% $states.errorOutput.Cause %}", Assign: { e: "{% $states.errorOutput.Error %}" }, Next: "D" },
          ],
          End: true,
        },
        D: { Type: "Succeed", Output: "{% [$states.input, $e] %}" },
      },
    };
    expect(await outputOf(definition, {}, fails("E", "why"))).toEqual(["why", "E"]);
  });

  test.each<{ name: string; fields: JsonObject; cause: string; location?: string }>([
    {
      name: "nothing",
      fields: { Type: "Pass", Output: { a: "{% $states.input.x %}" } },
      cause: "specified for the field 'Output/a' returned nothing (undefined).",
      location: "Output/a",
    },
    {
      name: "an error",
      fields: { Type: "Pass", Assign: { a: "{% $f() %}" } },
      cause: "threw an error during evaluation. T1006: Attempted to invoke a non-function",
      location: "Assign/a",
    },
    {
      name: "a function",
      fields: { Type: "Pass", Output: "{% $sum %}" },
      cause: "returned an unsupported result type.",
      location: "Output",
    },
    {
      name: "a wrong type",
      fields: { Type: "Wait", Seconds: "{% 'x' %}" },
      cause: `Expected 'number', but was 'string' for value: "x"`,
      location: "Seconds",
    },
    {
      name: "no list",
      fields: { Type: "Map", Items: "{% 1 %}", ItemProcessor: { StartAt: "I", States: { I: { Type: "Pass", End: true } } } },
      cause: "Expected 'array', but was 'number' for value: 1",
      location: "Items",
    },
  ])("$name is a States.QueryEvaluationError with an event of its own", async ({ fields, cause, location }) => {
    const played = await run(fields, {});
    expect(played.outcome).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError", cause: expect.stringContaining(cause) });
    expect(played.events.find(({ type }) => type === "EvaluationFailed")?.details).toMatchObject({ state: "S", location });
  });

  test("D6: a pending evaluation throws, and asked again once known it goes on", async () => {
    const machine = compile(state({ Type: "Pass", Output: "{% 1 + 1 %}" }));
    const begin = (env: Parameters<typeof environment>[1]) => start(machine, { input: {}, context }, environment(startMs, env));
    expect(() => begin({ evaluate: () => ({ kind: "pending" }) })).toThrow(EvaluationPending);
    expect((await decideWith(evaluator, (evaluate) => begin({ evaluate }))).outcome).toEqual({ status: "SUCCEEDED", output: 2 });
  });

  test("only the variables an expression names travel to the evaluator", () => {
    const sent: JsonObject[] = [];
    const evaluate = (_expression: string, variables: JsonObject) => {
      sent.push(variables);
      return { kind: "value" as const, value: 1 };
    };
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { a: 1, b: 2 }, Next: "B" },
        B: { Type: "Pass", Output: "{% $b + $states.input.x %}", End: true },
      },
    };
    play(definition, { x: 1 }, { env: { evaluate } });
    expect(sent).toEqual([{ b: 2, states: { input: { x: 1 } } }]);
  });
});
