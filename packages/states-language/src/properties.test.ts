/**
 * Laws of decisions, over generated definitions and worlds.
 *
 * L1. Whatever AWS would accept neither crashes nor hangs: an execution ends, or waits for the world.
 * L2. The state is JSON (D2): stored and read back between all decisions, the same happens.
 * L3. A decision is a function (D1): asked twice it answers the same, and what it was given is not changed.
 * L4. However few states a decision may enter (D5), the execution is the same.
 * L5. Event ids count from 1 without a gap, and no wait id is used twice.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { resume, start } from "./decide.ts";
import type { Action, Decision, Stimulus } from "./decision.ts";
import { context, environment, lambda, type PlayOptions, play, startMs, type World } from "./testing.ts";

const value = fc.oneof(fc.constant(null), fc.boolean(), fc.integer({ min: -9, max: 9 }), fc.constantFrom("a", "b", "2026-01-01T09:00:10Z"));
const data: fc.Arbitrary<JsonValue> = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    value,
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "list", "n"), tie("json"), { maxKeys: 3 }),
  ),
})).json;
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

/** Leaves out what nothing leads to: AWS refuses it. */
function reachable({ StartAt, States }: { readonly StartAt: string; readonly States: Readonly<Record<string, JsonObject>> }): JsonObject {
  const found = new Set([StartAt]);
  for (const name of found)
    for (const [, target] of JSON.stringify(States[name]).matchAll(/"(?:Next|Default)":"([^"]+)"/g))
      if (target && Object.hasOwn(States, target)) found.add(target);
  return Object.fromEntries(Object.entries(States).filter(([name]) => found.has(name)));
}

const definitions = programs.program.map((shape) => build(shape, "S"));
/** How each call of a worker ends, in turn: with a value, a failure, or never. */
const worlds = fc.array(
  fc.oneof(
    data.map((output) => ({ output })),
    fc.constant({ error: "E" }),
    fc.constant("silence" as const),
  ),
  { minLength: 1, maxLength: 5 },
);
type Answers = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function worldOf(answers: Answers): World {
  let calls = 0;
  return (action) => {
    if (action.kind !== "task") return [];
    const answer = answers[calls++ % answers.length];
    if (answer === undefined || answer === "silence") return [];
    const afterMs = (calls % 3) * 1_000;
    if ("error" in answer) return [{ afterMs, stimulus: { kind: "taskFailed", wait: action.wait, ...answer } }];
    return [{ afterMs, stimulus: { kind: "taskSucceeded", wait: action.wait, output: answer.output as JsonValue } }];
  };
}

const runs = { numRuns: 300, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false };
const seen = ({ outcome, events, actions }: ReturnType<typeof play>): string => JSON.stringify({ outcome, events, actions });
const playWith = (definition: JsonObject, input: JsonValue, answers: Answers, options: PlayOptions = {}) =>
  play(definition, input, { world: worldOf(answers), mostDecisions: 3_000, ...options });

test("L1, L5: an execution ends; ids count up, waits are never used again", () => {
  fc.assert(
    fc.property(definitions, data, worlds, (definition, input, answers) => {
      const played = playWith(definition, input, answers);
      expect(played.outcome).toBeDefined();
      expect(played.events.map(({ id }) => id)).toEqual(played.events.map((_, i) => i + 1));
      for (const { id, previousEventId } of played.events) expect(previousEventId).toBeLessThan(id);
      const waits = played.actions.flatMap((action) => (action.kind === "cancel" ? [] : [action.wait]));
      expect(new Set(waits).size).toBe(waits.length);
    }),
    runs,
  );
});

test("L2: through JSON at every step the same happens", () => {
  fc.assert(
    fc.property(definitions, data, worlds, (definition, input, answers) => {
      const stored = playWith(definition, input, answers, { between: (state) => JSON.parse(JSON.stringify(state)) as Decision["state"] });
      expect(seen(stored)).toBe(seen(playWith(definition, input, answers)));
    }),
    runs,
  );
});

test("L3: a decision asked twice answers the same, and changes nothing it was given", () => {
  fc.assert(
    fc.property(definitions, data, worlds, (definition, input, answers) => {
      const machine = compile(definition);
      const world = worldOf(answers);
      let nowMs = startMs;
      const begin = () => start(machine, { input: freeze(input), context }, environment(nowMs));
      let decision = begin();
      expect(JSON.stringify(begin())).toBe(JSON.stringify(decision));
      const pending: Stimulus[] = [];
      for (let i = 0; i < 200 && !decision.outcome; i++) {
        pending.push(...decision.actions.flatMap((action: Action) => world(action).map(({ stimulus }) => stimulus)));
        const stimulus = decision.continues ? ({ kind: "continue" } as const) : (pending.shift() ?? ({ kind: "timeReached" } as const));
        if (stimulus.kind === "timeReached") nowMs = decision.nextDueMs ?? nowMs;
        const state = freeze(decision.state as JsonValue) as Decision["state"];
        const once = resume(machine, state, freeze(stimulus as unknown as JsonValue) as unknown as Stimulus, environment(nowMs));
        const twice = resume(machine, state, stimulus, environment(nowMs));
        expect(JSON.stringify(twice)).toBe(JSON.stringify(once));
        decision = once;
      }
    }),
    { ...runs, numRuns: 150 },
  );
});

test("L4: one state at a time leads to the same outcome", () => {
  fc.assert(
    fc.property(definitions, data, worlds, (definition, input, answers) => {
      // Iterations of a distributed Map have no events by which their turns could be told.
      fc.pre(!JSON.stringify(definition).includes("DISTRIBUTED"));
      const small = playWith(definition, input, answers, { env: { maxSteps: 1, uuid: () => "u" } });
      expect(seen(small)).toBe(seen(playWith(definition, input, answers, { env: { uuid: () => "u" } })));
    }),
    runs,
  );
});

function freeze(json: JsonValue): JsonValue {
  if (typeof json === "object" && json !== null && !Object.isFrozen(json)) {
    Object.freeze(json);
    for (const each of Object.values(json)) freeze(each as JsonValue);
  }
  return json;
}
