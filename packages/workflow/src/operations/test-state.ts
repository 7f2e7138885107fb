/**
 * Step Functions' TestState: one state, run on its own. A task without a mock is performed, with what it changes.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import {
  type Environment,
  type Evaluation,
  EvaluationPending,
  TestStateError,
  type TestStateResult,
  testState,
} from "@serverlesspresso/states-language";
import { z } from "zod";
import type { Engine } from "../engine.ts";
import { WorkflowError } from "../errors.ts";
import { type TestedTask, testTask } from "../test-task.ts";
import { wait } from "./verbs.ts";

/** Members of `inspectionData` that are no JSON texts. */
const plain = new Set([
  "errorDetails",
  "maxConcurrency",
  "request",
  "response",
  "toleratedFailureCount",
  "toleratedFailurePercentage",
  "afterItemsPointer",
]);
/** A state that asks for more evaluations than this is not tested. */
const mostEvaluations = 1_000;

const Text = z.string().max(1_048_576);
const Request = z.object({
  definition: Text,
  roleArn: z.string().optional(),
  stateName: z.string().optional(),
  input: Text.optional(),
  inspectionLevel: z.enum(["INFO", "DEBUG", "TRACE"]).optional(),
  context: Text.optional(),
  variables: Text.optional(),
  mock: z
    .object({
      result: Text.optional(),
      errorOutput: z.object({ error: z.string().optional(), cause: z.string().optional() }).optional(),
      fieldValidationMode: z.enum(["STRICT", "PRESENT", "NONE"]).optional(),
    })
    .optional(),
  stateConfiguration: z
    .object({
      retrierRetryCount: z.int().min(0).optional(),
      errorCausedByState: z.string().min(1).max(80).optional(),
      mapIterationFailureCount: z.int().min(0).optional(),
      mapItemReaderData: z.string().max(262_144).optional(),
    })
    .optional(),
});
type TestRequest = Parameters<typeof testState>[0];

/** TestState. */
export const testStateOperations = {
  TestState: wait(Request, ({ engine }, request) => run(engine, testOf(request)), { fromWorkflows: "none" }),
};

async function run(engine: Engine, test: TestRequest): Promise<JsonObject> {
  const { clock, ids, evaluator, account, region, checkTest } = engine;
  const isChecked = checkTest !== undefined;
  await checkTest?.(test);
  const known = new Map<string, Evaluation>();
  const nowMs = clock.nowMs();
  const [randoms, uuids]: [number[], string[]] = [[], []];
  let performed: TestedTask | undefined;
  for (let round = 0; round < mostEvaluations; round++) {
    let missing: { readonly id: string; readonly expression: string; readonly variables: JsonObject } | undefined;
    // Each round goes the same way, as far as is known.
    let [random, uuid] = [0, 0];
    const environment: Environment = {
      nowMs,
      maxSteps: 1,
      random: () => (randoms[random++] ??= ids.random()),
      uuid: () => (uuids[uuid++] ??= ids.uuid()),
      taskToken: (wait) => `test-token-${wait}`,
      evaluate(expression, variables) {
        const id = JSON.stringify([expression, variables]);
        const evaluation = known.get(id) ?? evaluator.evaluateNow(expression, variables);
        if (evaluation.kind === "pending") missing = { id, expression, variables };
        return evaluation;
      },
    };
    try {
      const tested = testState(test, environment, { account, region, isChecked }, performed);
      if (tested.kind === "result") return answerOf(tested.result);
      performed = await testTask(engine, tested.resource, tested.parameters);
    } catch (error) {
      if (!(error instanceof EvaluationPending) || missing === undefined) throw error;
      known.set(missing.id, await evaluator.evaluate(missing.expression, missing.variables, "TestState"));
    }
  }
  throw new WorkflowError("ValidationException", `The state asks for more than ${mostEvaluations} evaluations.`);
}

function testOf(request: z.output<typeof Request>): TestRequest {
  const { definition, input, context, variables, ...others } = request;
  return {
    ...others,
    definition: jsonOf("definition", definition, "InvalidDefinition"),
    ...(input !== undefined && { input: jsonOf("input", input, "InvalidExecutionInput") }),
    ...(context !== undefined && { context: jsonOf("context", context, "ValidationException") }),
    ...(variables !== undefined && { variables: jsonOf("variables", variables, "ValidationException") }),
  } as TestRequest;
}

function answerOf({ output, inspectionData, ...others }: TestStateResult): JsonObject {
  return {
    ...others,
    ...(output !== undefined && { output: JSON.stringify(output) }),
    ...(inspectionData !== undefined && { inspectionData: asTexts(inspectionData) }),
  };
}

function asTexts(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, plain.has(name) ? value : JSON.stringify(value)]));
}

function jsonOf(name: string, text: string, code: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new TestStateError(code, `${name} is not JSON: ${(error as Error).message}`);
  }
}
