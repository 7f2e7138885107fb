/** Runs a definition in memory for tests: on a clock that jumps to the next due time, with workers given as a function. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { compile } from "./compile.ts";
import type { Action, Decision, Environment, Evaluation, Stimulus } from "./decision.ts";
import type { ExecutionContext } from "./execution-state.ts";
import { type Reaction, type Simulation, simulate } from "./simulate.ts";

/** An action that performs a task. */
export type Task = Action & { readonly kind: "task" };
/** Returns the reactions to an action: stimuli, each after some milliseconds. */
export type World = (action: Action) => readonly Reaction[];

/** A played execution. */
export interface Played extends Simulation {
  /** `Type name` of every event. */
  readonly types: readonly string[];
}

/** When played executions start: 2026-01-01T09:00:00Z, in milliseconds since the epoch. */
export const startMs = Date.UTC(2026, 0, 1, 9);

/** The context object of played executions. */
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

/** Returns an environment that gives the same values on every run; JSONata fails unless `overrides` evaluates it. */
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

/** A world in which every task succeeds with `output`. */
export const always =
  (output: (task: Task) => JsonValue): World =>
  (action) =>
    action.kind === "task" ? [{ stimulus: { kind: "taskSucceeded", wait: action.wait, output: output(action) } }] : [];

/** The world, the environment and the interruptions of a played execution. */
export interface PlayOptions {
  readonly world?: World;
  readonly env?: Partial<Environment>;
  /** Receives each state between decisions and returns the one to continue with. */
  readonly between?: (state: Decision["state"]) => Decision["state"];
  readonly mostDecisions?: number;
  /** How often the execution is redriven after it ends without success; by default 0. */
  readonly redrives?: number;
  /** The execution is stopped in place of its decision of this number. */
  readonly stopAt?: number;
}

/** Plays an execution until it ends, until no reaction and no deadline is left, or until `mostDecisions` (by default 2,000) are made. */
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

/** The `Resource` of a task that calls a Lambda function. */
export const lambda = "arn:aws:lambda:us-east-1:123456789012:function:Grind";
/** The `Resource` of an activity task. */
export const activity = "arn:aws:states:us-east-1:123456789012:activity:Barista";
/** The `Resource` of a task that waits for its task token. */
export const callback = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";

/** Returns the output of a played execution, or its outcome if it does not succeed. */
export function output(definition: JsonObject, input: JsonValue = {}, options: PlayOptions = {}): JsonValue {
  const { outcome } = play(definition, input, options);
  return outcome?.status === "SUCCEEDED" ? outcome.output : ({ ...outcome } as JsonValue);
}

/** A world in which every task fails. */
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
