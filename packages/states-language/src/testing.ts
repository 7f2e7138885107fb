/** Runs a definition in memory for tests: a clock that jumps to what is due, workers given as a function. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { compile } from "./compile.ts";
import { resume, start } from "./decide.ts";
import type { Action, Decision, Environment, Evaluation, ExecutionContext, HistoryEvent, Outcome, Stimulus } from "./decision.ts";

export type Task = Action & { readonly kind: "task" };
/** What the world does about an action: stimuli, each after some milliseconds. */
export type World = (action: Action) => readonly { readonly afterMs?: number; readonly stimulus: Stimulus }[];

export interface Played {
  readonly outcome: Outcome | undefined;
  readonly events: readonly HistoryEvent[];
  readonly actions: readonly Action[];
  readonly endedMs: number;
  /** `Type name` of every event. */
  readonly types: readonly string[];
}

export const startMs = Date.UTC(2026, 0, 1, 9);

export const context: ExecutionContext = {
  Execution: {
    Id: "arn:aws:states:us-east-1:123456789012:execution:Machine:run",
    Name: "run",
    RoleArn: "arn:aws:iam::123456789012:role/machine",
    StartTime: new Date(startMs).toISOString(),
    RedriveCount: 0,
  },
  StateMachine: { Id: "arn:aws:states:us-east-1:123456789012:stateMachine:Machine", Name: "Machine" },
};

export function environment(nowMs: number, overrides: Partial<Environment> = {}): Environment {
  let uuids = 0;
  return {
    nowMs,
    maxSteps: 100,
    random: () => 0.5,
    uuid: () => `uuid-${++uuids}`,
    taskToken: (wait) => `token-${wait}`,
    evaluate: (): Evaluation => ({ kind: "error", code: "T1006", message: "no JSONata in this test" }),
    ...overrides,
  };
}

/** Answers every task with `output`. */
export const always =
  (output: (task: Task) => JsonValue): World =>
  (action) =>
    action.kind === "task" ? [{ stimulus: { kind: "taskSucceeded", wait: action.wait, output: output(action) } }] : [];

export interface PlayOptions {
  readonly world?: World;
  readonly env?: Partial<Environment>;
  /** Sees, and may replace, every state between decisions. */
  readonly between?: (state: Decision["state"]) => Decision["state"];
  readonly mostDecisions?: number;
}

/** Plays an execution until it ends, nothing more can happen, or `mostDecisions` are made. */
export function play(definition: JsonObject, input: JsonValue, options: PlayOptions = {}): Played {
  const { world = () => [], between = (state) => state, mostDecisions = 2_000 } = options;
  const machine = compile(definition);
  const pending: { atMs: number; stimulus: Stimulus }[] = [];
  const events: HistoryEvent[] = [];
  const actions: Action[] = [];
  let nowMs = startMs;
  let decision = start(machine, { input, context }, environment(nowMs, options.env));
  for (let made = 1; ; made++) {
    events.push(...decision.events);
    actions.push(...decision.actions);
    for (const action of decision.actions) {
      for (const { afterMs = 0, stimulus } of world(action)) pending.push({ atMs: nowMs + afterMs, stimulus });
    }
    const stimulus = decision.outcome || made >= mostDecisions ? undefined : nextStimulus();
    if (!stimulus) break;
    decision = resume(machine, between(decision.state), stimulus, environment(nowMs, options.env));
  }
  const types = events.map(({ type, details }) => (typeof details?.name === "string" ? `${type} ${details.name}` : type));
  return { outcome: decision.outcome, events, actions, endedMs: nowMs, types };

  function nextStimulus(): Stimulus | undefined {
    if (decision.continues) return { kind: "continue" };
    pending.sort((a, b) => a.atMs - b.atMs);
    const [next] = pending;
    const due = decision.nextDueMs;
    if (next && (due === undefined || next.atMs <= due)) {
      pending.shift();
      nowMs = Math.max(nowMs, next.atMs);
      return next.stimulus;
    }
    if (due === undefined) return undefined;
    nowMs = Math.max(nowMs, due);
    return { kind: "timeReached" };
  }
}

/** A machine of one state, `S`. */
export function single(state: JsonObject): JsonObject {
  const ends = state.Type === "Succeed" || state.Type === "Fail" || state.Type === "Choice" ? {} : { End: true };
  return { StartAt: "S", States: { S: { ...state, ...ends } } };
}

export const lambda = "arn:aws:lambda:us-east-1:123456789012:function:Grind";
export const activity = "arn:aws:states:us-east-1:123456789012:activity:Barista";
export const callback = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";

/** The output, or the outcome where there is none. */
export function output(definition: JsonObject, input: JsonValue = {}, options: PlayOptions = {}): JsonValue {
  const { outcome } = play(definition, input, options);
  return outcome?.status === "SUCCEEDED" ? outcome.output : ({ ...outcome } as JsonValue);
}

/** Answers every task with a failure. */
export const fails =
  (error?: string, cause?: string): World =>
  (action) =>
    action.kind === "task"
      ? [
          {
            stimulus: {
              kind: "taskFailed",
              wait: action.wait,
              ...(error !== undefined && { error }),
              ...(cause !== undefined && { cause }),
            },
          },
        ]
      : [];
