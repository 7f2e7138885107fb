/** A definition compiled: paths, templates and rules are closures; made once, used for every decision. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Condition } from "./choice-rules.ts";
import type { TaskResource } from "./decision.ts";
import type { Expression, Frame } from "./frame.ts";

export interface Machine {
  readonly program: Program;
  readonly timeoutSeconds?: number;
  /** Some expression may ask for `$$.Execution.Input`, so a running execution keeps it. */
  readonly keepsInput: boolean;
}

/** The states of a machine, a Parallel branch or a Map's processor. */
export interface Program {
  readonly startAt: string;
  /** One may be compiled when it is first asked for. */
  readonly states: Pick<ReadonlyMap<string, State>, "get" | "keys">;
}

/** What a state hands on: its output and the variables it assigned. */
export interface Completion {
  readonly output: JsonValue;
  readonly assigned?: JsonObject;
}
/** Turns a state's result into its output. `frame.input` is the raw input of the state. */
export type Complete = (frame: Frame, result: JsonValue) => Completion;

interface Common {
  readonly name: string;
  readonly language: "JSONPath" | "JSONata";
  /** Absent at the end. */
  readonly next?: string;
  /** The effective input: InputPath and Parameters, or Arguments. */
  readonly prepare: Expression;
  readonly complete: Complete;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds?: number;
  readonly fullJitter: boolean;
}

export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  /** From the error output, which is the result. */
  readonly complete: Complete;
}

/** A number given as such, by path or by expression; undefined where the state has none. */
export type Amount = (frame: Frame) => number | undefined;

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
export interface ChoiceState extends Common {
  readonly type: "Choice";
  readonly rules: readonly ChoiceRule[];
  readonly otherwise?: string;
}
export interface ChoiceRule {
  readonly condition: Condition;
  readonly next: string;
  readonly complete: Complete;
}
export interface WaitState extends Common {
  readonly type: "Wait";
  /** When to go on, given the instant it was entered. */
  readonly untilMs: (frame: Frame, enteredMs: number) => number;
}
interface SucceedState extends Common {
  readonly type: "Succeed";
}
export interface FailState extends Common {
  readonly type: "Fail";
  readonly error: (frame: Frame) => string | undefined;
  readonly cause: (frame: Frame) => string | undefined;
}
export interface ParallelState extends Common {
  readonly type: "Parallel";
  readonly branches: readonly Program[];
}
export interface MapState extends Common {
  readonly type: "Map";
  readonly processor: Program;
  readonly distributed: boolean;
  /** Its children are Express workflows: one that failed can only be run anew. */
  readonly express: boolean;
  readonly label?: string;
  /** The items as the state's own fields give them; `frame.input` is the effective input. Any JSON: the caller checks that it is an array. */
  readonly items: Expression;
  /** Where the items were looked for, for messages. */
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
export interface Batcher {
  readonly maxItems: Amount;
  readonly maxBytes: Amount;
  readonly batchInput?: Expression;
}

export type State = TaskState | PassState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;
