/** R1 to R3 of redrive.ts. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "./compile.ts";
import { resume } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { mostPayloadBytes } from "./payload-size.ts";
import { encodeState } from "./stored-state/encode.ts";
import { activity, always, environment, fails, lambda, type PlayOptions, play, single, startMs, type Task, type World } from "./testing.ts";
import { data, sureDefinitions } from "./testing-definitions.ts";

const redriven = (definition: JsonObject, input: JsonValue, options: PlayOptions = {}) =>
  play(definition, input, { redrives: 1, ...options });
const task = (more: JsonObject = {}): JsonObject => ({ Type: "Task", Resource: lambda, ...more });
const chain = (states: Readonly<Record<string, JsonObject>>, more: JsonObject = {}): JsonObject => ({
  StartAt: Object.keys(states)[0] as string,
  States: states,
  ...more,
});
const fromRedriveOn = (types: readonly string[]): readonly string[] => types.slice(types.indexOf("ExecutionRedriven"));

/** Fails the first calls of the states named, as often as said; then answers what was asked. */
function failing(times: Record<string, number>): World & { readonly calls: string[] } {
  const calls: string[] = [];
  const world: World = (action) => {
    if (action.kind !== "task") return [];
    calls.push(action.stateName);
    const left = times[action.stateName] ?? 0;
    times[action.stateName] = left - 1;
    return left > 0 ? fails("E", "as planned")(action) : always((asked: Task) => asked.parameters)(action);
  };
  return Object.assign(world, { calls });
}

describe("R1: what was entered and not left runs again", () => {
  const definition = chain({
    First: task({ Assign: { "kept.$": "$.n" }, ResultPath: "$.first", Next: "Second" }),
    Second: task({
      Parameters: {
        "n.$": "$.n",
        "kept.$": "$kept",
        "count.$": "$$.Execution.RedriveCount",
        "entered.$": "$$.State.EnteredTime",
        "tried.$": "$$.State.RetryCount",
      },
      Retry: [{ ErrorEquals: ["E"], MaxAttempts: 1, IntervalSeconds: 1 }],
      End: true,
    }),
  });

  test("with its input, variables and attempts as new; what was left does not", () => {
    // Two attempts before the redrive, one after it, then a second redrive with attempts to spare.
    const world = failing({ Second: 3 });
    const played = redriven(definition, { n: 7 }, { world });
    expect(played.outcome).toEqual({
      status: "SUCCEEDED",
      output: { n: 7, kept: 7, count: 1, entered: new Date(startMs).toISOString(), tried: 1 },
    });
    expect(world.calls).toEqual(["First", "Second", "Second", "Second", "Second"]);
    expect(fromRedriveOn(played.types).slice(0, 3)).toEqual(["ExecutionRedriven", "LambdaFunctionScheduled", "LambdaFunctionStarted"]);
  });

  test("events go on from the last, and say which redrive it is", () => {
    const { events } = redriven(single(task()), {}, { world: failing({ S: 9 }), redrives: 2 });
    expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => i + 1));
    const told = events.filter(({ type }) => type === "ExecutionRedriven");
    expect(told.map(({ details }) => details)).toEqual([{ redriveCount: 1 }, { redriveCount: 2 }]);
    expect(told.map(({ id, previousEventId }) => id - previousEventId)).toEqual([1, 1]);
  });

  test("its time is in the context", () => {
    const told = single({
      Type: "Choice",
      Choices: [{ Variable: "$$.Execution.RedriveTime", IsPresent: true, Next: "Told" }],
      Default: "Not",
    });
    const states = {
      ...(told.States as JsonObject),
      Not: { Type: "Fail" },
      Told: { Type: "Pass", Parameters: { "at.$": "$$.Execution.RedriveTime" }, End: true },
    };
    // The choice was left: only the Fail state runs again.
    expect(redriven({ ...told, States: states }, {}).outcome?.status).toBe("FAILED");
    const asked = chain({ S: task({ Next: "T" }), T: { Type: "Pass", Parameters: { "at.$": "$$.Execution.RedriveTime" }, End: true } });
    expect(redriven(asked, {}, { world: failing({ S: 1 }) }).outcome).toMatchObject({ output: { at: new Date(startMs).toISOString() } });
  });

  test("a Fail state is entered and fails again", () => {
    const { outcome, types } = redriven(single({ Type: "Fail", Error: "Spilt" }), {});
    expect(outcome).toEqual({ status: "FAILED", error: "Spilt" });
    expect(fromRedriveOn(types)).toEqual(["ExecutionRedriven", "FailStateEntered S", "ExecutionFailed"]);
  });

  test("a Choice is made again", () => {
    const definition = chain({ S: { Type: "Choice", Choices: [{ Variable: "$.a", IsPresent: true, Next: "T" }] }, T: { Type: "Succeed" } });
    expect(fromRedriveOn(redriven(definition, {}).types)).toEqual(["ExecutionRedriven", "ExecutionFailed"]);
  });

  test("what was stopped while it waited waits again; an instant that has passed is over", () => {
    const waiting = chain({ S: { Type: "Wait", Seconds: 10, Next: "T" }, T: task({ End: true }) });
    const played = redriven(waiting, {}, { world: failing({}), stopAt: 1 });
    expect([played.outcome?.status, played.endedMs]).toEqual(["SUCCEEDED", startMs + 10_000]);
    const machine = compile(single({ Type: "Wait", Timestamp: new Date(startMs + 1_000).toISOString() }));
    const stopped = play(single({ Type: "Wait", Timestamp: new Date(startMs + 1_000).toISOString() }), {}, { stopAt: 1 });
    const later = resume(machine, stopped.state, { kind: "redrive", redriveCount: 1 }, environment(startMs + 5_000));
    expect(later.outcome?.status).toBe("SUCCEEDED");
  });

  test("an activity is scheduled under a wait of its own; answers to the first are not heard", () => {
    const definition = single({ Type: "Task", Resource: activity });
    const machine = compile(definition);
    const stopped = play(definition, {}, { stopAt: 1 });
    const again = resume(machine, stopped.state, { kind: "redrive", redriveCount: 1 }, environment(startMs));
    expect(again.actions).toMatchObject([{ kind: "task", wait: 2 }]);
    expect(resume(machine, again.state, { kind: "taskSucceeded", wait: 1, output: 1 }, environment(startMs)).events).toEqual([]);
    expect(resume(machine, again.state, { kind: "taskSucceeded", wait: 2, output: 1 }, environment(startMs)).outcome?.status).toBe(
      "SUCCEEDED",
    );
  });
});

describe("R2: of a Parallel or Map only what failed or was aborted runs again", () => {
  const branch = (name: string, more: JsonObject = {}) => chain({ [name]: task({ ...more, End: true }) });

  test("branches", () => {
    const world = failing({ B: 1 });
    const definition = single({
      Type: "Parallel",
      Branches: [branch("A"), branch("B"), chain({ C: { Type: "Wait", Seconds: 9, Next: "D" }, D: task({ End: true }) })],
    });
    const { outcome } = redriven(definition, "x", { world });
    expect(outcome).toEqual({ status: "SUCCEEDED", output: ["x", "x", "x"] });
    expect(world.calls).toEqual(["A", "B", "B", "D"]);
  });

  test("the variables of a branch are kept", () => {
    const inner = chain({ A: { Type: "Pass", Assign: { mine: 3 }, Next: "B" }, B: task({ Parameters: { "mine.$": "$mine" }, End: true }) });
    const played = redriven(single({ Type: "Parallel", Branches: [inner] }), {}, { world: failing({ B: 1 }) });
    expect(played.outcome).toEqual({ status: "SUCCEEDED", output: [{ mine: 3 }] });
  });

  test.each(["INLINE", "DISTRIBUTED"])("iterations of a Map that is %s; those not begun begin in their turn", (Mode) => {
    const seen: JsonValue[] = [];
    const world: World = (action) => {
      if (action.kind !== "task") return [];
      seen.push(action.parameters);
      return action.parameters === 2 && seen.filter((each) => each === 2).length === 1
        ? fails("E")(action)
        : always((asked) => (asked.parameters as number) * 10)(action);
    };
    const processor = { ProcessorConfig: Mode === "INLINE" ? { Mode } : { Mode, ExecutionType: "STANDARD" }, ...branch("I") };
    const definition = single({ Type: "Map", ItemProcessor: processor, MaxConcurrency: 1 });
    const { outcome, types } = redriven(definition, [1, 2, 3, 4], { world });
    expect(outcome).toEqual({ status: "SUCCEEDED", output: [10, 20, 30, 40] });
    expect(seen).toEqual([1, 2, 2, 3, 4]);
    expect(types.includes("MapRunRedriven")).toBe(Mode === "DISTRIBUTED");
  });

  test("a map run counts its own redrives", () => {
    const processor = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...branch("I") };
    const definition = chain({ A: task({ Next: "M" }), M: { Type: "Map", ItemProcessor: processor, End: true } });
    const { events } = redriven(definition, [1], { world: failing({ A: 1, I: 2 }), redrives: 3 });
    const told = events.filter(({ type }) => type === "MapRunRedriven");
    expect(told.map(({ details }) => details?.redriveCount)).toEqual([1, 2]);
  });

  test("an Express child begins anew", () => {
    const world = failing({ B: 1 });
    const processor = {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
      ...chain({ A: task({ Next: "B" }), B: task({ End: true }) }),
    };
    const definition = single({ Type: "Map", ItemProcessor: processor, ItemSelector: { "n.$": "$$.Map.Item.Value" } });
    expect(redriven(definition, [7], { world }).outcome).toEqual({ status: "SUCCEEDED", output: [{ n: 7 }] });
    expect(world.calls).toEqual(["A", "B", "A", "B"]);
  });

  test.each(["INLINE", "DISTRIBUTED"])("no more go on at once than a Map that is %s lets run", (Mode) => {
    let isRedriven = false;
    const world: World = (action) => {
      if (action.kind !== "task") return [];
      return isRedriven ? [{ afterMs: 5, stimulus: { kind: "taskSucceeded", wait: action.wait, output: 1 } }] : [];
    };
    const between = (state: Decision["state"]) => {
      if (state.kind === "ended" && state.stood !== undefined) isRedriven = true;
      return state;
    };
    const processor = {
      ProcessorConfig: Mode === "INLINE" ? { Mode } : { Mode, ExecutionType: "STANDARD" },
      ...branch("I", { TimeoutSeconds: 9 }),
    };
    const tolerance = Mode === "INLINE" ? {} : { ToleratedFailureCount: 3 };
    const definition = single({ Type: "Map", ItemProcessor: processor, MaxConcurrency: 2, ...tolerance });
    const { outcome, endedMs } = redriven(definition, [1, 2, 3, 4, 5], { world, between });
    expect(outcome).toEqual({ status: "SUCCEEDED", output: [1, 1, 1, 1, 1] });
    // Two at a time: three rounds of 5 ms after the timeouts.
    expect(endedMs - startMs).toBe((Mode === "INLINE" ? 9_000 : 18_000) + 15);
  });

  test("failures that a distributed Map tolerated are tried again too, once it fails", () => {
    const failedOnce = new Set<JsonValue>();
    const calls: JsonValue[] = [];
    const world: World = (action) => {
      if (action.kind !== "task") return [];
      calls.push(action.parameters);
      const isFirst = !failedOnce.has(action.parameters);
      failedOnce.add(action.parameters);
      return (action.parameters as number) > 1 && isFirst ? fails("E")(action) : always((asked) => asked.parameters)(action);
    };
    const processor = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...branch("I") };
    const definition = single({ Type: "Map", ItemProcessor: processor, MaxConcurrency: 1, ToleratedFailureCount: 1 });
    expect(redriven(definition, [1, 2, 3, 4], { world }).outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(calls).toEqual([1, 2, 3, 2, 3, 4]);
  });

  test("a result of its own that is too large makes it begin anew", () => {
    const world = failing({});
    const definition = single({ Type: "Parallel", Branches: [branch("A"), branch("B")] });
    const { outcome } = redriven(definition, "x".repeat(mostPayloadBytes / 2), { world });
    expect(outcome).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
    expect(world.calls).toEqual(["A", "B", "A", "B"]);
  });

  test("nothing runs again where all had ended and the way out failed", () => {
    const world = failing({});
    const definition = single({ Type: "Parallel", Branches: [branch("A")], ResultSelector: { "a.$": "$.none" } });
    expect(redriven(definition, "x", { world }).outcome?.status).toBe("FAILED");
    expect(world.calls).toEqual(["A"]);
  });
});

test("R3: the machine's own time and the state's are counted afresh", () => {
  const definition = { ...single(task({ TimeoutSeconds: 8 })), TimeoutSeconds: 5 };
  const { outcome, endedMs, types } = redriven(definition, {});
  expect([outcome?.status, endedMs]).toEqual(["TIMED_OUT", startMs + 10_000]);
  expect(types.filter((type) => type === "ExecutionTimedOut")).toHaveLength(2);
});

test("an execution that succeeded keeps nothing, and is not redriven", () => {
  const done = play(single({ Type: "Pass" }), { a: 1 });
  expect(Object.keys(encodeState(done.state)).sort()).toEqual(["i", "n", "w", "x"]);
  const again = resume(compile(single({ Type: "Pass" })), done.state, { kind: "redrive", redriveCount: 1 }, environment(startMs));
  expect(again).toMatchObject({ events: [], actions: [], state: done.state });
});

test("an execution that failed keeps where it stood and nothing else", () => {
  const definition = chain({
    A: { Type: "Pass", Result: "little", Next: "B" },
    B: task({ TimeoutSeconds: 9, Retry: [{ ErrorEquals: ["E"] }], End: true }),
  });
  const { state, endedMs } = play(definition, { much: "x".repeat(99) }, { world: fails("E") });
  const stood = { s: "B", k: "R", h: 0, i: "little", e: 4, t: startMs };
  const kept = encodeState(state);
  expect([kept.z, kept.i, kept.q, kept.d]).toEqual([stood, undefined, undefined, undefined]);
  const { state: stopped } = play(definition, {}, { stopAt: 1 });
  expect(encodeState(stopped).z).toEqual(stood);
  expect(endedMs).toBeGreaterThan(startMs);
});

const outputs = fc.array(data, { minLength: 1, maxLength: 5 });
/** How the calls of a worker end, one after the other; all later ones succeed. */
const troubles = fc.array(fc.constantFrom("fine", "fails", "silent"), { maxLength: 8 });
const input = { n: 1, list: [1, 2, 3] };

/** Plays with these troubles. Returns how the execution ended, and each result of a worker that the execution accepted. */
function playWith(definition: JsonObject, answers: readonly JsonValue[], trouble: readonly string[], options: PlayOptions = {}) {
  const results = new Map<number, string>();
  let calls = 0;
  const world: World = (action) => {
    if (action.kind !== "task") return [];
    const how = trouble[calls++] ?? "fine";
    if (how === "silent") return [];
    if (how === "fails") return fails("E")(action);
    results.set(action.wait, `${action.stateName} ${JSON.stringify(action.parameters)}`);
    return always(({ stateName }) => answers[stateName.length % answers.length] as JsonValue)(action);
  };
  const { outcome, actions } = play(definition, input, { world, redrives: 12, ...options });
  for (const { kind, wait } of actions) if (kind === "cancel") results.delete(wait);
  return { outcome, results: [...results.values()].sort() };
}

test("redriven until it succeeds, an execution ends as if nothing had failed, and no result is asked for twice", () => {
  const between = (state: Decision["state"]) => JSON.parse(JSON.stringify(state)) as Decision["state"];
  fc.assert(
    fc.property(sureDefinitions, outputs, troubles, fc.constantFrom(1, 100), (definition, answers, trouble, maxSteps) => {
      const smooth = playWith(definition, answers, []);
      expect(smooth.outcome?.status).toBe("SUCCEEDED");
      expect(playWith(definition, answers, trouble, { between, env: { maxSteps } })).toEqual(smooth);
    }),
    { numRuns: 400, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  );
});

test("stopped at any moment and redriven, it ends as if it had not been", () => {
  fc.assert(
    fc.property(sureDefinitions, outputs, troubles, fc.integer({ min: 1, max: 12 }), (definition, answers, trouble, stopAt) => {
      expect(playWith(definition, answers, trouble, { stopAt })).toEqual(playWith(definition, answers, []));
    }),
    { numRuns: 400, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  );
});
