/** K1 and K2 of form.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChildExecution, Children, ExecutionState, Scope, Stood } from "../execution-state.ts";
import { context, play, type World } from "../testing.ts";
import { data, definitions } from "../testing-definitions.ts";
import { decodeState } from "./decode.ts";
import { encodeState } from "./encode.ts";
import type { StoredState } from "./form.ts";

const stored = (state: ExecutionState): StoredState => JSON.parse(JSON.stringify(encodeState(state))) as StoredState;

/** States that an earlier engine kept, whose form had no codec: one of each shape that a scope, its children or a whole had. */
const recorded = readFileSync(join(import.meta.dirname, "recorded-states.jsonl"), "utf8")
  .trim()
  .split("\n");

describe("a recorded state", () => {
  test.each(recorded.map((line, number) => ({ number, state: JSON.parse(line) as StoredState })))("$number", ({ state }) => {
    expect(stored(decodeState(state))).toStrictEqual(state);
  });

  test("the recordings have each kind of scope, and every member", () => {
    const all = recorded.join("\n");
    const members = ["s", "k", "h", "i", "v", "e", "t", "r", "w", "d", "b", "bs", "ds", "c", "x", "n", "nm", "rd", "rt", "ab"];
    const ofChildren = ["l", "o", "m", "it", "tc", "tp", "a", "f", "z", "y", "q"];
    expect([...members, ...ofChildren].filter((member) => !all.includes(`"${member}":`))).toEqual([]);
    expect([..."ERTWCIOS"].filter((kind) => !all.includes(`"k":"${kind}"`))).toEqual([]);
  });
});

const whole = fc.nat(9_999);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const variables = fc.dictionary(fc.constantFrom("a", "b"), data, { minKeys: 1, maxKeys: 2 }) as fc.Arbitrary<JsonObject>;
const execution: fc.Arbitrary<ChildExecution> = fc.record({
  name: fc.constantFrom("one", "two"),
  startMs: whole,
  input: maybe(data),
  redrives: maybe(fc.record({ count: whole, redriveMs: whole })),
  wasStopped: fc.boolean(),
  newestEventId: whole,
});
const members = {
  state: fc.constantFrom("A", "B"),
  input: maybe(data),
  variables: maybe(variables),
  newestEventId: whole,
  execution: maybe(execution),
};
const entered = fc.record({ eventId: whole, atMs: whole });
const inState = { ...members, entered, attempts: fc.array(whole, { maxLength: 2 }) };
const ofIndex = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<{ [index: string]: T }> =>
  fc.dictionary(fc.nat(50).map(String), value, { maxKeys: 2 }).map((found) => ({ ...found }));
const kind = <K extends string>(name: K): fc.Arbitrary<K> => fc.constant(name);

const { scope, stood } = fc.letrec<{ scope: Scope; stood: Stood; children: Children }>((tie) => ({
  scope: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: kind("waiting"), ...inState, untilMs: whole }),
    fc.record({ kind: kind("retrying"), ...inState, dueMs: whole }),
    fc.record({ kind: kind("entered"), ...inState }),
    fc.record({
      kind: kind("runningTask"),
      ...inState,
      wait: whole,
      deadlineMs: maybe(whole),
      heartbeat: maybe(fc.record({ seconds: whole, dueMs: maybe(whole) })),
      activityTimeoutSeconds: maybe(whole),
    }),
    fc.record({ kind: kind("readingItems"), ...inState, wait: whole }),
    fc.record({ kind: kind("runningChildren"), ...inState, children: tie("children") }),
    fc.record({ kind: kind("writingResults"), ...inState, wait: whole, children: tie("children") }),
    tie("stood"),
  ),
  stood: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: kind("entering"), ...members }),
    fc.record({ kind: kind("entered"), ...members, entered, attempts: fc.constant([]) }),
    fc.record({ kind: kind("standingStill"), ...members, entered, children: tie("children") }),
  ),
  children: fc.oneof(
    fc.record({ of: kind("Parallel"), ...childScopes(tie("scope"), tie("stood")) }),
    fc.record({
      of: kind("Map"),
      ...childScopes(tie("scope"), tie("stood")),
      items: maybe(fc.array(data, { maxLength: 2 })),
      concurrency: whole,
      toleratedCount: maybe(whole),
      toleratedPercentage: maybe(whole),
      notes: maybe(fc.array(fc.record({ startMs: whole, stopMs: whole, input: data, name: maybe(fc.constant("one")) }), { maxLength: 2 })),
      run: maybe(fc.record({ arn: fc.constant("arn"), failures: whole, redriveCount: whole, resultsLieOutside: fc.boolean() })),
    }),
  ),
}));

function childScopes(live: fc.Arbitrary<Scope>, stopped: fc.Arbitrary<Stood>) {
  return {
    count: whole,
    next: whole,
    live: ofIndex(live),
    outputs: fc.array(data, { maxLength: 2 }),
    stood: maybe(ofIndex(stopped)),
    toGoOn: maybe(ofIndex(stopped)),
  };
}

const { Input: _, ...Execution } = context.Execution;
const common = {
  context: fc.constant({ Execution, StateMachine: context.StateMachine }),
  input: maybe(data),
  newestEventId: whole,
  newestWait: whole,
};
const states: fc.Arbitrary<ExecutionState> = fc.oneof(
  fc.record({ kind: kind("running"), ...common, deadlineMs: maybe(whole), scope }),
  fc.record({ kind: kind("ended"), ...common, stood: maybe(stood) }),
);

test("K1: what is encoded decodes to the same", () => {
  fc.assert(
    fc.property(states, (state) => {
      expect(decodeState(stored(state))).toEqual(state);
    }),
    { numRuns: 1_000 },
  );
});

/** Lets tasks succeed, fail and stay silent by turns. */
function world(): World {
  let calls = 0;
  return (action) => {
    if (action.kind !== "task") return [];
    const { wait } = action;
    const turn = calls++ % 4;
    if (turn === 3) return [];
    const output: JsonValue = { n: calls, list: [1, 2] };
    return [{ afterMs: 1_000, stimulus: turn === 1 ? { kind: "taskFailed", wait, error: "E" } : { kind: "taskSucceeded", wait, output } }];
  };
}

test("K1: so does what the engine makes, stopped and redriven too; K2: no member is stored that is undefined", () => {
  fc.assert(
    fc.property(definitions, fc.integer({ min: 1, max: 9 }), (definition, stopAt) => {
      const between = (state: ExecutionState): ExecutionState => {
        expect(decodeState(stored(state))).toEqual(state);
        expect(encodeState(state)).toStrictEqual(stored(state));
        return state;
      };
      const { state } = play(definition, { list: [1, 2], n: 1 }, { world: world(), stopAt, redrives: 1, between, mostDecisions: 300 });
      between(state);
    }),
    { numRuns: 100 },
  );
});

test("a kind of scope that there is not is an error, by the state's name", () => {
  const [first] = recorded.map((line) => JSON.parse(line) as { readonly q?: JsonObject });
  expect(() => decodeState({ ...first, q: { ...first?.q, k: "?" } })).toThrow(/kind "\?", expected one of E, R/);
});
