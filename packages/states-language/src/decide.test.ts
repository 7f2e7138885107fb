import { describe, expect, test } from "vitest";
import { compile } from "./compile.ts";
import { resume, start } from "./decide.ts";
import type { Stimulus } from "./decision.ts";
import { callback, context, environment, play, single, startMs } from "./testing.ts";

describe("the execution as a whole", () => {
  test("the machine's TimeoutSeconds ends it", () => {
    const played = play({ TimeoutSeconds: 10, ...single({ Type: "Wait", Seconds: 60 }) }, {});
    expect(played.outcome).toEqual({ status: "TIMED_OUT", error: "States.Timeout" });
    expect(played.types.slice(-2)).toEqual(["WaitStateAborted", "ExecutionTimedOut"]);
    expect(played.endedMs - startMs).toBe(10_000);
  });

  test("StopExecution cancels what it waits for", () => {
    const machine = compile(single({ Type: "Task", Resource: callback }));
    const { state } = start(machine, { input: {}, context }, environment(startMs));
    const stopped = resume(machine, state, { kind: "abort", error: "E", cause: "why" }, environment(startMs + 1));
    expect(stopped.outcome).toEqual({ status: "ABORTED", error: "E", cause: "why" });
    expect(stopped.actions).toEqual([{ kind: "cancel", wait: 1 }]);
    expect(resume(machine, stopped.state, { kind: "timeReached" }, environment(startMs + 2)).events).toEqual([]);
  });

  test("D3: what is stale or too early changes nothing", () => {
    const machine = compile(single({ Type: "Task", Resource: callback, TimeoutSeconds: 60 }));
    const { state } = start(machine, { input: {}, context }, environment(startMs));
    const stale: Stimulus[] = [
      { kind: "taskSucceeded", wait: 9, output: 1 },
      { kind: "heartbeat", wait: 0 },
      { kind: "timeReached" },
      { kind: "continue" },
    ];
    for (const stimulus of stale) {
      const decision = resume(machine, state, stimulus, environment(startMs + 1));
      expect(decision).toEqual({ state, events: [], actions: [], continues: false, nextDueMs: startMs + 60_000 });
    }
  });

  test("D5: a decision enters at most maxSteps states and then continues", () => {
    const states = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`P${i}`, { Type: "Pass", ...(i < 9 ? { Next: `P${i + 1}` } : { End: true }) }]),
    );
    const machine = compile({ StartAt: "P0", States: states });
    const first = start(machine, { input: {}, context }, environment(startMs, { maxSteps: 4 }));
    expect(first.continues).toBe(true);
    expect(first.events.filter(({ type }) => type === "PassStateEntered")).toHaveLength(4);
    const second = resume(machine, first.state, { kind: "continue" }, environment(startMs, { maxSteps: 100 }));
    expect(second.outcome).toEqual({ status: "SUCCEEDED", output: {} });
  });

  test("the history holds at most 25,000 events", () => {
    const definition = {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Next: "C" },
        C: { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: "E" }], Default: "A" },
        E: { Type: "Succeed" },
      },
    };
    const played = play(definition, {}, { env: { maxSteps: 5_000 } });
    expect(played.outcome).toMatchObject({ status: "FAILED", error: "States.Runtime", cause: expect.stringContaining("25000") });
    expect(played.events).toHaveLength(25_000);
  });

  test("no rule matches and there is no Default", () => {
    const definition = {
      StartAt: "C",
      States: { C: { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: "E" }] }, E: { Type: "Succeed" } },
    };
    expect(play(definition, {}).outcome).toMatchObject({ status: "FAILED", error: "States.NoChoiceMatched" });
  });

  test("input is kept once: a waiting first state does not repeat it", () => {
    const machine = compile(single({ Type: "Task", Resource: callback }));
    const { state } = start(machine, { input: { text: "flat white" }, context }, environment(startMs));
    expect(JSON.stringify(state).split("flat white")).toHaveLength(2);
  });
});
