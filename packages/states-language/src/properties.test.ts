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
import { decodeState } from "./stored-state/decode.ts";
import { encodeState } from "./stored-state/encode.ts";
import type { StoredState } from "./stored-state/form.ts";
import { context, environment, type PlayOptions, play, startMs, type World } from "./testing.ts";
import { data, definitions } from "./testing-definitions.ts";

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

const stored = (state: Decision["state"]): Decision["state"] => decodeState(JSON.parse(JSON.stringify(encodeState(state))) as StoredState);

test("L2: through JSON at every step the same happens", () => {
  fc.assert(
    fc.property(definitions, data, worlds, (definition, input, answers) => {
      const played = playWith(definition, input, answers, { between: stored });
      expect(seen(played)).toBe(seen(playWith(definition, input, answers)));
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
        const state = freeze(decision.state);
        const once = resume(machine, state, freeze(stimulus), environment(nowMs));
        const twice = resume(machine, state, stimulus, environment(nowMs));
        expect(JSON.stringify(twice)).toBe(JSON.stringify(once));
        decision = once;
      }
      const again = () => resume(machine, freeze(decision.state), { kind: "redrive", redriveCount: 1 }, environment(nowMs));
      if (decision.outcome) expect(JSON.stringify(again())).toBe(JSON.stringify(again()));
    }),
    { ...runs, numRuns: 150 },
  );
});

test("L4: one state at a time leads to the same outcome", () => {
  fc.assert(
    fc.property(definitions, data, worlds, (definition, input, answers) => {
      // Iterations of a distributed Map have no events, so their order is not visible.
      fc.pre(!JSON.stringify(definition).includes("DISTRIBUTED"));
      const small = playWith(definition, input, answers, { env: { maxSteps: 1, uuid: () => "u" } });
      expect(seen(small)).toBe(seen(playWith(definition, input, answers, { env: { uuid: () => "u" } })));
    }),
    runs,
  );
});

function freeze<T>(json: T): T {
  if (typeof json === "object" && json !== null && !Object.isFrozen(json)) {
    Object.freeze(json);
    for (const each of Object.values(json)) freeze(each);
  }
  return json;
}
