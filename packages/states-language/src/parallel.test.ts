import type { JsonObject } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { always, callback, fails, lambda, output, play, type World } from "./testing.ts";

describe("Parallel", () => {
  const branch = (name: string, state: JsonObject): JsonObject => ({ StartAt: name, States: { [name]: state } });
  const parallel = (branches: JsonObject[], more: JsonObject = {}): JsonObject => ({
    StartAt: "P",
    States: { P: { Type: "Parallel", Branches: branches, ...more, End: true }, Caught: { Type: "Pass", End: true } },
  });

  test("outputs come in the order of branches, whoever is first", () => {
    const branches = [branch("Slow", { Type: "Wait", Seconds: 5, End: true }), branch("Quick", { Type: "Pass", Result: 2, End: true })];
    const definition = { ...parallel(branches), States: { P: { Type: "Parallel", Branches: branches, End: true } } };
    expect(output(definition, 1)).toEqual([1, 2]);
  });

  test("one branch fails: the others are ended and their waits cancelled", () => {
    const branches = [
      branch("Waits", { Type: "Task", Resource: callback, End: true }),
      branch("Sleeps", { Type: "Wait", Seconds: 50, End: true }),
      branch("Fails", { Type: "Fail", Error: "Spilt", Cause: "milk" }),
    ];
    const played = play(parallel(branches, { Catch: [{ ErrorEquals: ["Spilt"], Next: "Caught" }] }), {});
    expect(played.outcome).toEqual({ status: "SUCCEEDED", output: { Error: "Spilt", Cause: "milk" } });
    expect(played.actions.at(-1)).toEqual({ kind: "cancel", wait: 1 });
    expect(played.types).toEqual(
      expect.arrayContaining(["TaskStateAborted", "WaitStateAborted", "ParallelStateFailed", "ParallelStateExited P"]),
    );
  });

  test("a retried Parallel starts all its branches again", () => {
    const branches = [branch("A", { Type: "Task", Resource: lambda, End: true })];
    let calls = 0;
    const world: World = (action) => (++calls < 3 ? fails("E")(action) : always(() => "ok")(action));
    const definition = parallel(branches, { Retry: [{ ErrorEquals: ["E"] }], Catch: [{ ErrorEquals: ["Never"], Next: "Caught" }] });
    const played = play(definition, {}, { world });
    expect(played.outcome).toEqual({ status: "SUCCEEDED", output: ["ok"] });
    expect(played.types.filter((type) => type === "ParallelStateStarted")).toHaveLength(3);
  });

  test("branches see outer variables and keep their own", () => {
    const inner = {
      StartAt: "I",
      States: {
        I: { Type: "Pass", Assign: { "mine.$": "$outer" }, Next: "J" },
        J: { Type: "Pass", Parameters: { "both.$": "States.Array($outer, $mine)" }, End: true },
      },
    };
    const definition = {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { outer: 1 }, Next: "P" },
        P: { Type: "Parallel", Branches: [inner], Next: "Z" },
        Z: { Type: "Pass", Parameters: { "seen.$": "$mine" }, End: true },
      },
    };
    expect(output(definition)).toMatchObject({ status: "FAILED", error: "States.Runtime" });
    expect(play(definition, {}).events.find(({ type }) => type === "ParallelStateExited")?.details?.output).toEqual([{ both: [1, 1] }]);
  });

  test("a runtime error within ends the execution at once: nothing around it has an event, its waits are cancelled", () => {
    const runtime = { Type: "Pass", Parameters: { "m.$": "$.nope" }, End: true };
    const branches = [branch("Waits", { Type: "Task", Resource: callback, End: true }), branch("Fast", runtime)];
    const played = play(parallel(branches, { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }] }), {});
    expect(played.types.slice(-3)).toEqual(["TaskStarted", "PassStateEntered Fast", "ExecutionFailed"]);
    expect(played.actions.at(-1)).toMatchObject({ kind: "cancel" });
    const map = { StartAt: "M", States: { M: { Type: "Map", ItemProcessor: branch("Fast", runtime), End: true } } };
    expect(play(map, [1]).types.slice(-3)).toEqual(["MapIterationStarted M", "PassStateEntered Fast", "ExecutionFailed"]);
  });

  test("a caught timeout has an empty cause", () => {
    const late = branch("Late", { Type: "Task", Resource: callback, TimeoutSeconds: 5, End: true });
    const played = play(parallel([late], { Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Caught" }] }), {});
    expect(played.outcome).toEqual({ status: "SUCCEEDED", output: { Error: "States.Timeout", Cause: "" } });
    expect(played.events.find(({ type }) => type === "TaskTimedOut")?.details).not.toHaveProperty("cause");
  });
});
