/** A compiled definition: paths, templates and rules are closures, made once and used for every decision. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Condition } from "./choice-rules.ts";
import type { TaskResource } from "./decision.ts";
import type { Expression, Frame } from "./frame.ts";

/** A compiled state machine, as `compile` returns it. */
export interface Machine {
  readonly program: Program;
  /** The longest time an execution may run, in seconds. */
  readonly timeoutSeconds?: number;
  /** An expression may read `$$.Execution.Input`, so a running execution keeps its input. */
  readonly keepsInput: boolean;
}

/** The states of a machine, a Parallel branch or a Map's processor. */
export interface Program {
  readonly startAt: string;
  /** The states by name. A state may be compiled when it is first read. */
  readonly states: Pick<ReadonlyMap<string, State>, "get" | "keys">;
}

/** What a state passes on: its output and the variables it assigned. */
export interface Completion {
  readonly output: JsonValue;
  readonly assigned?: JsonObject;
}
/** Turns a state's result into its output. `frame.input` is the raw input of the state. */
export type Complete = (frame: Frame, result: JsonValue) => Completion;

interface Common {
  readonly name: string;
  readonly language: "JSONPath" | "JSONata";
  /** The next state; absent if the state ends its program. */
  readonly next?: string;
  /** The effective input: InputPath and Parameters, or Arguments. */
  readonly prepare: Expression;
  readonly complete: Complete;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

/**
 * One entry of `Retry`, with the defaults filled in.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds?: number;
  readonly fullJitter: boolean;
}

/**
 * One entry of `Catch`.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  /** Makes the output; its `result` is the error output, `{Error, Cause}`. */
  readonly complete: Complete;
}

/** Returns a number that the definition gives literally, by path or by expression; undefined if the state omits the field. */
export type Amount = (frame: Frame) => number | undefined;

/** A Task state. `credentials` gives the `RoleArn` to call with. */
export interface TaskState extends Common {
  readonly type: "Task";
  readonly resource: TaskResource;
  readonly timeoutSeconds: Amount;
  readonly heartbeatSeconds: Amount;
  readonly credentials?: Expression;
}
interface PassState extends Common {
  readonly type: "Pass";
  readonly result?: JsonValue;
}
/** A Choice state. `otherwise` is its `Default`. */
export interface ChoiceState extends Common {
  readonly type: "Choice";
  readonly rules: readonly ChoiceRule[];
  readonly otherwise?: string;
}
/** One entry of `Choices`: the condition, and what happens if it matches. */
export interface ChoiceRule {
  readonly condition: Condition;
  readonly next: string;
  readonly complete: Complete;
}
/** A Wait state. */
export interface WaitState extends Common {
  readonly type: "Wait";
  /** Returns when the wait ends. Both times are in milliseconds since the epoch. */
  readonly untilMs: (frame: Frame, enteredMs: number) => number;
}
interface SucceedState extends Common {
  readonly type: "Succeed";
}
/** A Fail state: ends its program with an error. */
export interface FailState extends Common {
  readonly type: "Fail";
  readonly error: (frame: Frame) => string | undefined;
  readonly cause: (frame: Frame) => string | undefined;
}
/** A Parallel state; each branch runs on the same effective input. */
export interface ParallelState extends Common {
  readonly type: "Parallel";
  readonly branches: readonly Program[];
}
/** A Map state, inline or distributed. */
export interface MapState extends Common {
  readonly type: "Map";
  readonly processor: Program;
  readonly distributed: boolean;
  /** Its children are Express workflows; a redrive starts a failed one from the beginning. */
  readonly express: boolean;
  readonly label?: string;
  /** Returns the items that `ItemsPath` or `Items` gives; `frame.input` is the effective input. Any JSON value: the caller checks that it is an array. */
  readonly items: Expression;
  /** The path or expression of the items, for messages. */
  readonly itemsText?: string;
  readonly selector?: Expression;
  readonly reader?: Expression;
  readonly maxItems?: Amount;
  readonly batcher?: Batcher;
  readonly writer?: Expression;
  readonly maxConcurrency: Amount;
  readonly toleratedCount: Amount;
  readonly toleratedPercentage: Amount;
}
/**
 * The `ItemBatcher` of a distributed Map; `maxBytes` limits the input of a child, in bytes of UTF-8.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
 */
export interface Batcher {
  readonly maxItems: Amount;
  readonly maxBytes: Amount;
  readonly batchInput?: Expression;
}

/** A compiled state of any type. */
export type State = TaskState | PassState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;
