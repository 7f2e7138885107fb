import type { JsonObject } from "@serverlesspresso/ports";
import { afterAll, describe, expect, test } from "vitest";
import { createEvaluator } from "../../evaluator/evaluator.ts";
import { environment, lambda, startMs } from "../testing.ts";
import type { TestStateRequest } from "./request.ts";
import { type TaskResult, testState } from "./test-state.ts";

const evaluator = createEvaluator({ deadlineMs: 5_000 });
afterAll(() => evaluator.close());
const env = environment(startMs, { evaluate: (expression, variables) => evaluator.evaluateNow(expression, variables) });
const options = { account: "123456789012", region: "us-east-1" };

const run = (request: TestStateRequest, taskResult?: TaskResult) => testState(request, env, options, taskResult);
const result = (request: TestStateRequest): unknown => {
  const answer = run(request);
  return answer.kind === "result" ? answer.result : answer;
};
const task: JsonObject = { Type: "Task", Resource: lambda, Parameters: { "d.$": "$.drink" }, ResultPath: "$.r", Next: "Serve" };
const inline = { StartAt: "I", States: { I: { Type: "Pass", End: true } } };

describe("results", () => {
  test("a Task by its mock, step by step", () => {
    const request = {
      definition: { ...task, ResultSelector: { "g.$": "$.g" }, OutputPath: "$.r" },
      input: { drink: "Latte" },
      inspectionLevel: "TRACE",
      mock: { result: '{"g":1}' },
    } as const;
    expect(result(request)).toEqual({
      status: "SUCCEEDED",
      output: { g: 1 },
      nextState: "Serve",
      inspectionData: {
        input: { drink: "Latte" },
        afterInputPath: { drink: "Latte" },
        afterParameters: { d: "Latte" },
        result: { g: 1 },
        afterResultSelector: { g: 1 },
        afterResultPath: { drink: "Latte", r: { g: 1 } },
      },
    });
  });

  test("T2: a Task without a mock says what to call, and takes the result", () => {
    const request: TestStateRequest = { definition: task, input: { drink: "Latte" } };
    expect(run(request)).toEqual({ kind: "task", resource: { kind: "function", arn: lambda }, parameters: { d: "Latte" } });
    expect(run(request, { output: 5 })).toEqual({
      kind: "result",
      result: { status: "SUCCEEDED", output: { drink: "Latte", r: 5 }, nextState: "Serve" },
    });
    expect(run(request, { error: "E", cause: "why" })).toEqual({ kind: "result", result: { status: "FAILED", error: "E", cause: "why" } });
  });

  test("a distributed Map is told what its ItemReader would read; a back-off has a longest", () => {
    const reader = {
      Resource: "arn:aws:states:::s3:getObject",
      Parameters: { Bucket: "b", Key: "k" },
      ReaderConfig: { InputType: "JSON" },
    };
    const definitionOf = (config: object) => ({
      Type: "Map",
      ItemReader: { ...reader, ReaderConfig: { ...config, MaxItems: 2 } },
      ItemSelector: { "cup.$": "$$.Map.Item.Value.size" },
      ItemProcessor: { ...inline, ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } },
      ItemBatcher: { MaxItemsPerBatch: 1, BatchInput: { bar: "main" } },
      Retry: [{ ErrorEquals: ["Spilt"], BackoffRate: 100, MaxAttempts: 99 }],
      End: true,
    });
    const ask = (config: object, stateConfiguration: object, mock: object) =>
      result({ definition: definitionOf(config), inspectionLevel: "DEBUG", mock, stateConfiguration } as TestStateRequest);
    const sizes = [{ size: "1" }, { size: "2" }, { size: "3" }];
    for (const [config, mapItemReaderData] of [
      [{ InputType: "JSON" }, JSON.stringify(sizes)],
      [{ InputType: "JSON", ItemsPointer: "/cups" }, JSON.stringify({ cups: sizes })],
      [{ InputType: "JSONL" }, sizes.map((size) => `${JSON.stringify(size)}\n`).join("")],
      [{ InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" }, "size\n1\n2\n3\n"],
      [{ InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["size"], CSVDelimiter: "PIPE" }, "1|x\n2\n3"],
    ] as const) {
      const told = ask(config, { mapItemReaderData, mapIterationFailureCount: 0 }, { result: "[]" });
      const afterItemBatcher = ["1", "2"].map((cup) => ({ BatchInput: { bar: "main" }, Items: [{ cup }] }));
      const pointed = "ItemsPointer" in config ? { afterItemsPointer: sizes.slice(0, 2) } : {};
      expect(told).toMatchObject({
        status: "SUCCEEDED",
        inspectionData: { afterItemSelector: [{ cup: "1" }, { cup: "2" }], afterItemBatcher, ...pointed },
      });
    }
    const broken = ask({ InputType: "JSON" }, { mapItemReaderData: "[1" }, { result: "[]" });
    expect(broken).toMatchObject({ status: "FAILED", error: "States.ItemReaderFailed" });
    const spilt = ask({ InputType: "JSON" }, { retrierRetryCount: 90 }, { errorOutput: { error: "Spilt" } });
    expect(spilt).toMatchObject({ status: "RETRIABLE", inspectionData: { errorDetails: { retryBackoffIntervalSeconds: 99_999_999 } } });
  });

  test("a Choice tells its next state", () => {
    const definition = { Type: "Choice", Choices: [{ Variable: "$.n", NumericGreaterThan: 1, Next: "Big" }], Default: "Small" };
    expect(result({ definition, input: { n: 2 } })).toEqual({ status: "SUCCEEDED", output: { n: 2 }, nextState: "Big" });
    expect(result({ definition, input: { n: 1 } })).toMatchObject({ nextState: "Small" });
  });

  test("a Fail state fails", () => {
    expect(result({ definition: { Type: "Fail", Error: "E", Cause: "why" } })).toEqual({ status: "FAILED", error: "E", cause: "why" });
  });

  test("JSONata with variables; what is assigned is told", () => {
    const definition = { QueryLanguage: "JSONata", Type: "Pass", Assign: { y: "{% $x + 1 %}" }, Output: "{% $x * 2 %}", End: true };
    expect(result({ definition, variables: { x: 2 }, inspectionLevel: "DEBUG" })).toEqual({
      status: "SUCCEEDED",
      output: 4,
      inspectionData: { input: {}, variables: { x: 2, y: 3 } },
    });
  });

  test("a state inside another of a whole machine", () => {
    const definition = { StartAt: "M", States: { M: { Type: "Map", ItemProcessor: inline, End: true } } };
    expect(result({ definition, stateName: "I", input: 7 })).toEqual({ status: "SUCCEEDED", output: 7 });
  });

  test("a Map shows its items, its selection and its thresholds", () => {
    const processor = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...inline };
    const definition = {
      Type: "Map",
      ItemsPath: "$.l",
      ItemSelector: { "v.$": "$$.Map.Item.Value" },
      ItemProcessor: processor,
      ToleratedFailurePercentage: 40,
      End: true,
    };
    const request: TestStateRequest = { definition, input: { l: [1, 2] }, inspectionLevel: "DEBUG", mock: { result: "[3,4]" } };
    expect(result(request)).toMatchObject({
      status: "SUCCEEDED",
      output: [3, 4],
      inspectionData: {
        afterItemsPath: [1, 2],
        afterItemSelector: [{ v: 1 }, { v: 2 }],
        toleratedFailurePercentage: 40,
        maxConcurrency: 0,
      },
    });
    const failing = { ...request, stateConfiguration: { mapIterationFailureCount: 1 } };
    expect(result(failing)).toMatchObject({ status: "FAILED", error: "States.ExceedToleratedFailureThreshold" });
  });
});

describe("errors", () => {
  const definition = {
    ...task,
    Retry: [{ ErrorEquals: ["E"], MaxAttempts: 2, IntervalSeconds: 3 }],
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.e", Next: "Sorry" }],
  };
  const mock = { errorOutput: { error: "E", cause: "why" } };
  const request: TestStateRequest = { definition, input: { drink: "Latte" }, inspectionLevel: "DEBUG", mock };

  test("retriable while attempts are left", () => {
    expect(result(request)).toMatchObject({
      status: "RETRIABLE",
      error: "E",
      cause: "why",
      inspectionData: { errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 3 } },
    });
    expect(result({ ...request, stateConfiguration: { retrierRetryCount: 1 } })).toMatchObject({
      inspectionData: { errorDetails: { retryBackoffIntervalSeconds: 6 } },
    });
  });

  test("caught when they are used up", () => {
    expect(result({ ...request, stateConfiguration: { retrierRetryCount: 2 } })).toMatchObject({
      status: "CAUGHT_ERROR",
      nextState: "Sorry",
      output: { drink: "Latte", e: { Error: "E", Cause: "why" } },
      inspectionData: { errorDetails: { catchIndex: 0 } },
    });
  });

  test("a failing path is a failure without the words of an execution", () => {
    expect(result({ definition: { Type: "Pass", InputPath: "$.x", End: true } })).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause: "Invalid path '$.x' : No results for path: $['x']",
    });
  });
});

test("a mocked answer need not be whole where only what is there is checked, nor anything where nothing is", () => {
  const definition = { Type: "Task", Resource: "arn:aws:states:::aws-sdk:sfn:startExecution", End: true };
  const told = (mocked: JsonObject, fieldValidationMode: "PRESENT" | "NONE") =>
    result({ definition, mock: { result: JSON.stringify(mocked), fieldValidationMode } });
  expect(told({ ExecutionArn: "arn" }, "PRESENT")).toMatchObject({ status: "SUCCEEDED" });
  expect(told({ ExecutionArn: 7 }, "NONE")).toMatchObject({ status: "SUCCEEDED", output: { ExecutionArn: 7 } });
});

describe("refused calls", () => {
  const machine = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };
  const parallel = { Type: "Parallel", Branches: [inline, { StartAt: "J", States: { J: { Type: "Succeed" } } }], End: true };
  test.each<{ name: string; request: TestStateRequest; code: string; message: RegExp }>([
    {
      name: "an unknown state",
      request: { definition: machine, stateName: "Q" },
      code: "ValidationException",
      message: /^State not found in definition$/,
    },
    {
      name: "an empty name",
      request: { definition: machine, stateName: "" },
      code: "ParamValidationError",
      message: /Invalid length for parameter stateName/,
    },
    {
      name: "a bad definition",
      request: { definition: { Type: "Pass", Retry: [], End: true } },
      code: "InvalidDefinition",
      message: /Field 'Retry' is not supported/,
    },
    {
      name: "a machine that is not whole",
      request: { definition: { ...machine, States: { P: { Type: "Pass", Next: "Nowhere" } } }, stateName: "P" },
      code: "InvalidDefinition",
      message: /Nowhere/,
    },
    {
      name: "a mock for a Pass",
      request: { definition: { Type: "Pass", End: true }, mock: { result: "1" } },
      code: "ValidationException",
      message: /State type 'Pass' is not supported when a mock is specified/,
    },
    {
      name: "a Parallel without one",
      request: { definition: parallel },
      code: "InvalidDefinition",
      message: /does not support Map or Parallel states/,
    },
    {
      name: "a mock of both kinds",
      request: { definition: task, mock: { result: "1", errorOutput: {} } },
      code: "ValidationException",
      message: /only one of the following fields/,
    },
    {
      name: "a mock that is no JSON",
      request: { definition: task, mock: { result: "{" } },
      code: "ValidationException",
      message: /valid JSON/,
    },
    {
      name: "too few results",
      request: { definition: parallel, mock: { result: "[1]" } },
      code: "ValidationException",
      message: /same number of items as number of Parallel branches/,
    },
    {
      name: "a token where nothing waits",
      request: { definition: task, context: { Task: { Token: "t" } }, mock: { result: "1" } },
      code: "ValidationException",
      message: /contains 'Task'/,
    },
    {
      name: "a mocked answer of the wrong type",
      request: {
        definition: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:s3:getObject", End: true },
        mock: { result: '{"TagCount":"2"}' },
      },
      code: "ValidationException",
      message: /Field 'TagCount' must be a number/,
    },
    {
      name: "a mocked answer with a wrong entry",
      request: {
        definition: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:eventbridge:putEvents", End: true },
        mock: { result: '{"Entries":[{"EventId":"e"},{"EventId":2}]}', fieldValidationMode: "PRESENT" },
      },
      code: "ValidationException",
      message: /Field 'EventId' must be a string/,
    },
    {
      name: "a mocked answer without what is required",
      request: {
        definition: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:sfn:startExecution", End: true },
        mock: { result: '{"ExecutionArn":"arn"}' },
      },
      code: "ValidationException",
      message: /Required field 'StartDate' is missing/,
    },
    {
      name: "a mocked error without a name",
      request: { definition: task, mock: { errorOutput: { cause: "why" } } },
      code: "ValidationException",
      message: /must have an error/,
    },
    {
      name: "a context without a mock",
      request: { definition: task, context: {} },
      code: "ValidationException",
      message: /only be given when a mock is specified/,
    },
  ])("$name", ({ request, code, message }) =>
    expect(() => run(request)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) })),
  );
});
