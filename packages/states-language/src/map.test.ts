import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { always, fails, lambda, output, play, single, type World } from "./testing.ts";

describe("Map", () => {
  const map = (more: JsonObject, state: JsonObject = { Type: "Pass", End: true }): JsonObject =>
    single({ Type: "Map", ItemProcessor: { StartAt: "I", States: { I: state } }, ...more });
  const distributed = (more: JsonObject, state: JsonObject): JsonObject =>
    single({
      Type: "Map",
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, StartAt: "I", States: { I: state } },
      ...more,
    });
  const failsOn =
    (bad: JsonValue): World =>
    (action) =>
      action.kind === "task" ? (action.parameters === bad ? fails("Bad")(action) : always(({ parameters }) => parameters)(action)) : [];

  test.each<{ name: string; more: JsonObject; input: JsonValue; gives: JsonValue }>([
    { name: "items of the input", more: {}, input: [1, 2], gives: [1, 2] },
    { name: "no items", more: {}, input: [], gives: [] },
    { name: "ItemsPath", more: { ItemsPath: "$.l" }, input: { l: [1] }, gives: [1] },
    {
      name: "ItemSelector sees the item, its index and the state's input",
      more: { ItemsPath: "$.l", ItemSelector: { "v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "k.$": "$.k" } },
      input: { l: ["a", "b"], k: 9 },
      gives: [
        { v: "a", i: 0, k: 9 },
        { v: "b", i: 1, k: 9 },
      ],
    },
  ])("$name", ({ more, input, gives }) => expect(output(map(more), input)).toEqual(gives));

  test("at most MaxConcurrency iterations run at once, results stay in order", () => {
    const world: World = (action) =>
      action.kind === "task"
        ? [
            {
              afterMs: 1_000 * (5 - (action.parameters as number)),
              stimulus: { kind: "taskSucceeded", wait: action.wait, output: action.parameters },
            },
          ]
        : [];
    const played = play(map({ MaxConcurrency: 2 }, { Type: "Task", Resource: lambda, End: true }), [1, 2, 3, 4], { world });
    expect(played.outcome).toEqual({ status: "SUCCEEDED", output: [1, 2, 3, 4] });
    let [open, most] = [0, 0];
    for (const type of played.types) {
      if (type.startsWith("MapIterationStarted")) most = Math.max(most, ++open);
      if (type.startsWith("MapIterationSucceeded")) open--;
    }
    expect(most).toBe(2);
  });

  test("a failed iteration fails the Map and ends the others", () => {
    const played = play(map({}, { Type: "Task", Resource: lambda, End: true }), [1, 2], {
      world: (action) => (action.kind === "task" && action.parameters === 2 ? fails("Bad")(action) : []),
    });
    expect(played.outcome).toEqual({ status: "FAILED", error: "Bad" });
    expect(played.types.slice(-5)).toEqual([
      "MapIterationFailed S",
      "TaskStateAborted",
      "MapIterationAborted S",
      "MapStateFailed",
      "ExecutionFailed",
    ]);
  });

  test("what is no list is refused", () => {
    expect(play(map({ ItemsPath: "$.l" }), { l: 1 }).outcome).toMatchObject({
      error: "States.Runtime",
      cause: expect.stringContaining('Reference path "$.l" must point to array.'),
    });
  });

  test("iterations of a distributed Map leave no events here, and see no outer variables", () => {
    const definition = {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { x: 1 }, Next: "M" },
        M: {
          Type: "Map",
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            StartAt: "I",
            States: { I: { Type: "Pass", Parameters: { "x.$": "$x" }, End: true } },
          },
          End: true,
        },
      },
    };
    const played = play(definition, [1]);
    expect(played.types.slice(3)).toEqual([
      "MapStateEntered M",
      "MapStateStarted",
      "MapRunStarted",
      "MapRunFailed",
      "MapStateFailed",
      "ExecutionFailed",
    ]);
  });

  test.each<{ name: string; more: JsonObject; items: JsonValue[]; error?: string }>([
    { name: "none tolerated", more: {}, items: [1, "bad"], error: "States.ExceedToleratedFailureThreshold" },
    { name: "a count", more: { ToleratedFailureCount: 1 }, items: [1, "bad"] },
    {
      name: "a count exceeded",
      more: { ToleratedFailureCount: 1 },
      items: ["bad", "bad"],
      error: "States.ExceedToleratedFailureThreshold",
    },
    { name: "a percentage", more: { ToleratedFailurePercentage: 50 }, items: [1, "bad"] },
    {
      name: "both, one of them exceeded",
      more: { ToleratedFailureCount: 1, ToleratedFailurePercentage: 40 },
      items: [1, "bad"],
      error: "States.ExceedToleratedFailureThreshold",
    },
  ])("tolerated failures: $name", ({ more, items, error }) => {
    const { outcome } = play(distributed(more, { Type: "Task", Resource: lambda, End: true }), items, { world: failsOn("bad") });
    expect(outcome?.status === "FAILED" ? outcome.error : undefined).toBe(error);
  });

  test("items are read, limited, batched, and the results written", () => {
    const world: World = (action) => {
      if (action.kind === "readItems") return [{ stimulus: { kind: "taskSucceeded", wait: action.wait, output: [1, 2, 3, 4] } }];
      if (action.kind === "writeResults")
        return [
          {
            stimulus: {
              kind: "taskSucceeded",
              wait: action.wait,
              output: { wrote: action.children.map(({ output }) => output as JsonValue) },
            },
          },
        ];
      return [];
    };
    const more = {
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSON", MaxItems: 3 },
        Parameters: { "Bucket.$": "$.b", Key: "k" },
      },
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { "b.$": "$.b" } },
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "out" } },
    };
    const played = play(distributed(more, { Type: "Pass", End: true }), { b: "in" }, { world });
    expect(played.actions[0]).toMatchObject({ kind: "readItems", reader: { Parameters: { Bucket: "in", Key: "k" } } });
    const batches = [
      { BatchInput: { b: "in" }, Items: [1, 2] },
      { BatchInput: { b: "in" }, Items: [3] },
    ];
    expect(played.outcome).toMatchObject({
      status: "SUCCEEDED",
      output: { MapRunArn: expect.stringContaining(":mapRun:Machine/"), wrote: batches },
    });
  });

  test("a reader that fails fails the Map", () => {
    const world: World = (action) =>
      action.kind === "readItems"
        ? [{ stimulus: { kind: "taskFailed", wait: action.wait, error: "States.ItemReaderFailed", cause: "no bucket" } }]
        : [];
    const more = { ItemReader: { Resource: "arn:aws:states:::s3:getObject", Parameters: { Bucket: "b", Key: "k" } } };
    expect(play(distributed(more, { Type: "Pass", End: true }), {}, { world }).outcome).toEqual({
      status: "FAILED",
      error: "States.ItemReaderFailed",
      cause: "no bucket",
    });
  });
});
