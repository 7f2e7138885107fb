import type { JsonObject } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { fails, lambda, play, type Task, type World } from "./testing.ts";

describe("Retry and Catch", () => {
  const task = (more: JsonObject): JsonObject => ({
    StartAt: "S",
    States: { S: { Type: "Task", Resource: lambda, ...more, End: true }, Caught: { Type: "Pass", End: true } },
  });
  const gaps = (definition: JsonObject, random = 0.5): number[] => {
    const { events } = play(definition, {}, { world: fails("E"), env: { random: () => random } });
    const times = events.filter(({ type }) => type === "LambdaFunctionScheduled").map(({ timestampMs }) => timestampMs);
    return times.slice(1).map((at, i) => (at - (times[i] as number)) / 1_000);
  };

  const withCatch = (more: JsonObject): JsonObject => task({ Catch: [{ ErrorEquals: ["Never"], Next: "Caught" }], ...more });
  test.each<{ name: string; retry: JsonObject; seconds: number[] }>([
    { name: "defaults: 1, 2 and 4 seconds", retry: {}, seconds: [1, 2, 4] },
    { name: "BackoffRate and MaxAttempts", retry: { IntervalSeconds: 3, BackoffRate: 1.5, MaxAttempts: 2 }, seconds: [3, 4.5] },
    { name: "MaxDelaySeconds", retry: { IntervalSeconds: 10, BackoffRate: 10, MaxDelaySeconds: 15 }, seconds: [10, 15, 15] },
    { name: "full jitter", retry: { IntervalSeconds: 10, MaxAttempts: 2, JitterStrategy: "FULL" }, seconds: [5, 10] },
    { name: "no attempts", retry: { MaxAttempts: 0 }, seconds: [] },
  ])("$name", ({ retry, seconds }) => expect(gaps(withCatch({ Retry: [{ ErrorEquals: ["E"], ...retry }] }))).toEqual(seconds));

  test("each retrier counts for itself", () => {
    let calls = 0;
    const world: World = (action) => fails(["A", "B", "A", "B", "A"][calls++])(action);
    const definition = withCatch({
      Retry: [
        { ErrorEquals: ["A"], MaxAttempts: 2 },
        { ErrorEquals: ["B"], MaxAttempts: 2 },
      ],
    });
    expect(play(definition, {}, { world }).outcome).toEqual({ status: "FAILED", error: "A" });
    expect(calls).toBe(5);
  });

  test("RetryCount is told to the next attempt", () => {
    const definition = withCatch({
      Parameters: { "n.$": "$$.State.RetryCount" },
      Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 2 }],
    });
    const tasks = play(definition, {}, { world: fails("E") }).actions.filter((action): action is Task => action.kind === "task");
    expect(tasks.map(({ parameters }) => parameters)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  test.each<{ names: string[]; error?: string; caught: boolean }>([
    { names: ["E"], error: "E", caught: true },
    { names: ["F"], error: "E", caught: false },
    { names: ["States.TaskFailed"], error: "E", caught: true },
    { names: ["States.TaskFailed"], error: "States.Timeout", caught: false },
    { names: ["States.ALL"], error: "States.Timeout", caught: true },
    { names: ["States.ALL"], caught: true },
    { names: ["States.ALL"], error: "States.Runtime", caught: false },
    { names: ["States.Runtime"], error: "States.Runtime", caught: false },
  ])("$names catches $error: $caught", ({ names, error, caught }) => {
    const played = play(task({ Catch: [{ ErrorEquals: names, Next: "Caught" }] }), {}, { world: fails(error, "why") });
    if (!caught) expect(played.outcome).toEqual({ status: "FAILED", error, cause: "why" });
    else expect(played.outcome).toEqual({ status: "SUCCEEDED", output: { Error: error ?? null, Cause: "why" } });
  });

  test("a catcher's ResultPath and Assign; the caught state is left with an event", () => {
    const catcher = { ErrorEquals: ["States.ALL"], ResultPath: "$.error", Assign: { "why.$": "$.Cause" }, Next: "Caught" };
    const played = play(task({ Catch: [catcher] }), { a: 1 }, { world: fails("E", "why") });
    expect(played.outcome).toEqual({ status: "SUCCEEDED", output: { a: 1, error: { Error: "E", Cause: "why" } } });
    const exited = played.events.find(({ type }) => type === "TaskStateExited");
    expect(exited?.details).toMatchObject({ name: "S", assignedVariables: { why: "why" } });
  });
});
