import type { JsonObject } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import type { Stimulus } from "./decision.ts";
import { activity, always, callback, lambda, output, play, single, startMs, type World } from "./testing.ts";

describe("tasks", () => {
  test("a function: its events in AWS's order, its input and its output", () => {
    const played = play(
      single({
        Type: "Task",
        Resource: lambda,
        Parameters: { "d.$": "$.drink" },
        ResultSelector: { "ground.$": "$.g" },
        ResultPath: "$.r",
      }),
      { drink: "Latte" },
      { world: always(() => ({ g: 1 })) },
    );
    expect(played.types).toEqual([
      "ExecutionStarted",
      "TaskStateEntered S",
      "LambdaFunctionScheduled",
      "LambdaFunctionStarted",
      "LambdaFunctionSucceeded",
      "TaskStateExited S",
      "ExecutionSucceeded",
    ]);
    expect(played.events[2]?.details).toEqual({ resource: lambda, input: { d: "Latte" } });
    expect(played.outcome).toEqual({ status: "SUCCEEDED", output: { drink: "Latte", r: { ground: 1 } } });
    expect(played.events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("an integration that waits for its token: the token is in the parameters and the action", () => {
    const world: World = (action) =>
      action.kind === "task"
        ? [
            { stimulus: { kind: "taskSubmitted", wait: action.wait, output: { MessageId: "1" } } },
            { afterMs: 1_000, stimulus: { kind: "taskSucceeded", wait: action.wait, output: "done" } },
          ]
        : [];
    const played = play(single({ Type: "Task", Resource: callback, Parameters: { "T.$": "$$.Task.Token" } }), {}, { world });
    expect(played.actions[0]).toMatchObject({
      kind: "task",
      token: "token-1",
      parameters: { T: "token-1" },
      resource: { service: "sqs", action: "sendMessage", pattern: "waitForTaskToken" },
    });
    expect(played.types.slice(2, 6)).toEqual(["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]);
    expect(played.events[2]?.details).toMatchObject({ resourceType: "sqs", resource: "sendMessage.waitForTaskToken", region: "us-east-1" });
    expect(played.outcome).toEqual({ status: "SUCCEEDED", output: "done" });
  });

  test("an activity's time begins when a worker takes it", () => {
    const world: World = (action) =>
      action.kind === "task" ? [{ afterMs: 60_000, stimulus: { kind: "taskSubmitted", wait: action.wait, workerName: "Bo" } }] : [];
    const played = play(single({ Type: "Task", Resource: activity, TimeoutSeconds: 5 }), {}, { world });
    expect(played.types.slice(2)).toEqual(["ActivityScheduled", "ActivityStarted", "ActivityTimedOut", "ExecutionFailed"]);
    expect(played.endedMs - startMs).toBe(65_000);
    expect(played.actions.at(-1)).toEqual({ kind: "cancel", wait: 1 });
  });

  test.each<{ name: string; state: JsonObject; beats: readonly number[]; endsAt: number; error?: string }>([
    { name: "TimeoutSeconds", state: { TimeoutSeconds: 30 }, beats: [], endsAt: 30_000 },
    { name: "TimeoutSecondsPath", state: { TimeoutSecondsPath: "$.t" }, beats: [], endsAt: 20_000 },
    { name: "HeartbeatSeconds", state: { HeartbeatSeconds: 10 }, beats: [], endsAt: 10_000 },
    { name: "HeartbeatSecondsPath, with heartbeats", state: { HeartbeatSecondsPath: "$.h" }, beats: [3_000, 6_000, 9_000], endsAt: 13_000 },
    {
      name: "heartbeats do not prolong the timeout",
      state: { TimeoutSeconds: 8, HeartbeatSeconds: 4 },
      beats: [3_000, 6_000],
      endsAt: 8_000,
    },
  ])("$name", ({ state, beats, endsAt }) => {
    const world: World = (action) =>
      action.kind === "task" ? beats.map((afterMs) => ({ afterMs, stimulus: { kind: "heartbeat", wait: action.wait } as Stimulus })) : [];
    const played = play(single({ Type: "Task", Resource: callback, ...state }), { t: 20, h: 4 }, { world });
    expect(played.outcome).toEqual({ status: "FAILED", error: "States.Timeout" });
    expect(played.endedMs - startMs).toBe(endsAt);
  });

  test("a heartbeat's timeout is caught by its own name", () => {
    const definition = {
      StartAt: "S",
      States: {
        S: {
          Type: "Task",
          Resource: callback,
          HeartbeatSeconds: 1,
          Catch: [{ ErrorEquals: ["States.HeartbeatTimeout"], Next: "E" }],
          End: true,
        },
        E: { Type: "Pass", Result: "caught", End: true },
      },
    };
    expect(output(definition)).toBe("caught");
  });

  test("an output beyond 262,144 bytes fails the task", () => {
    const { outcome } = play(single({ Type: "Task", Resource: lambda }), {}, { world: always(() => "é".repeat(131_072)) });
    expect(outcome).toMatchObject({ error: "States.DataLimitExceeded" });
    expect(output(single({ Type: "Task", Resource: lambda }), {}, { world: always(() => "e".repeat(262_142)) })).toHaveLength(262_142);
  });

  test("Credentials are told in the history", () => {
    const { events } = play(single({ Type: "Task", Resource: callback, Credentials: { "RoleArn.$": "$.role" } }), { role: "arn:r" });
    expect(events[2]?.details?.taskCredentials).toEqual({ RoleArn: "arn:r" });
  });
});
