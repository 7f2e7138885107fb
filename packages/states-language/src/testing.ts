/** Runs a definition in memory for tests: a clock that jumps to what is due, workers given as a function. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { compile } from "./compile.ts";
import type { Action, Decision, Environment, Evaluation, Stimulus } from "./decision.ts";
import type { ExecutionContext } from "./execution-state.ts";
import { type Reaction, type Simulation, simulate } from "./simulate.ts";

export type Task = Action & { readonly kind: "task" };
/** What the world does about an action: stimuli, each after some milliseconds. */
export type World = (action: Action) => readonly Reaction[];

export interface Played extends Simulation {
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
  /** How often it is redriven where it ends without success. */
  readonly redrives?: number;
  /** Stopped instead of its n-th decision. */
  readonly stopAt?: number;
}

/** Plays an execution until it ends, nothing more can happen, or `mostDecisions` are made. */
export function play(definition: JsonObject, input: JsonValue, options: PlayOptions = {}): Played {
  const { world = () => [], env, mostDecisions = 2_000, between, redrives = 0, stopAt } = options;
  let redriveCount = 0;
  const interfere = ({ outcome }: Decision, made: number): Stimulus | undefined => {
    if (outcome === undefined) return made === stopAt ? { kind: "abort" } : undefined;
    return outcome.status === "SUCCEEDED" || redriveCount >= redrives ? undefined : { kind: "redrive", redriveCount: ++redriveCount };
  };
  const environmentAt = (nowMs: number): Environment => environment(nowMs, env);
  const more = { mostDecisions, interfere, ...(between && { between }) };
  const played = simulate(compile(definition), { input, context, startMs, environment: environmentAt, react: world, ...more });
  const types = played.events.map(({ type, details }) => (typeof details?.name === "string" ? `${type} ${details.name}` : type));
  return { ...played, types };
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
