/**
 * What the core decides. It is pure: the same machine, state, stimulus and environment give the same decision.
 *
 * D1. `start` and `resume` read no clock and perform nothing; `actions` holds what the caller must do, `events` what happened.
 * D2. `ExecutionState` is JSON and complete: stored, read back and resumed with the same definition, it continues as if never stopped.
 * D3. A stimulus for a wait that is over changes nothing (no events, no actions).
 * D4. Every deadline (Wait, TimeoutSeconds, HeartbeatSeconds, retry back-off, the machine's own TimeoutSeconds) lives in the state;
 *     `nextDueMs` is the nearest. The caller resumes with `timeReached` then; a call before it changes nothing.
 * D5. At most `env.maxSteps` states are entered in one decision; then `continues` is true and the caller resumes with `continue`.
 * D6. If `env.evaluate` returns `pending`, `start` and `resume` throw `EvaluationPending` and have no effect; the caller repeats the call once the value is known.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { ExecutionState, WaitId } from "./execution-state.ts";

/**
 * The result of a JSONata evaluation. `position` is the index in the expression at which it failed; `work` are the steps that it took in this process,
 * present if they were many.
 */
export type Evaluation =
  | { readonly kind: "value"; readonly value: JsonValue | undefined; readonly work?: number }
  | { readonly kind: "error"; readonly code: string; readonly message: string; readonly position?: number }
  | { readonly kind: "pending" };

/** The time, randomness and evaluator that a decision uses; all of it is passed in. */
export interface Environment {
  readonly nowMs: number;
  /** The most states entered in one decision (D5). */
  readonly maxSteps: number;
  /** The state machine is being deleted: the execution enters no further state and is aborted where it would. */
  readonly isDeleted?: boolean;
  /** Returns a number from 0 up to, but not including, 1. */
  random(): number;
  uuid(): string;
  /** Returns the task token (`$$.Task.Token`) of a wait; always the same for the same wait. */
  taskToken(wait: WaitId): string;
  /** Evaluates a JSONata expression (without `{% %}`) with these variables (their names without `$`). */
  evaluate(expression: string, variables: JsonObject): Evaluation;
}

/** What happened to an execution since its last decision, the argument of `resume`. */
export type Stimulus =
  /** The service accepted the call of a `.sync` or `.waitForTaskToken` task, or the worker `workerName` took the activity task; the result follows later. `output` is the response. */
  | { readonly kind: "taskSubmitted"; readonly wait: WaitId; readonly output?: JsonValue; readonly workerName?: string }
  | { readonly kind: "taskSucceeded"; readonly wait: WaitId; readonly output: JsonValue }
  /** SendTaskFailure may omit `error` and `cause`. `unscheduled`: the task never began, because its function, activity or service does not exist. */
  | { readonly kind: "taskFailed"; readonly wait: WaitId; readonly error?: string; readonly cause?: string; readonly unscheduled?: true }
  | { readonly kind: "heartbeat"; readonly wait: WaitId }
  | { readonly kind: "timeReached" }
  | { readonly kind: "continue" }
  /** StopExecution. */
  | { readonly kind: "abort"; readonly error?: string; readonly cause?: string }
  /** RedriveExecution of an execution that ended without success; `redriveCount` is 1 for the first redrive. */
  | { readonly kind: "redrive"; readonly redriveCount: number }
  /** StopExecution of a child of a distributed Map. */
  | {
      readonly kind: "abortChild";
      readonly mapRunArn: string;
      readonly index: number;
      readonly error?: string;
      readonly cause?: string;
    }
  /** UpdateMapRun of a running Map run. */
  | {
      readonly kind: "updateMapRun";
      readonly mapRunArn: string;
      readonly maxConcurrency?: number;
      readonly toleratedFailureCount?: number;
      readonly toleratedFailurePercentage?: number;
    };

/** The parsed `Resource` of a Task state. */
export type TaskResource =
  | { readonly kind: "function"; readonly arn: string }
  | { readonly kind: "activity"; readonly arn: string }
  | {
      readonly kind: "integration";
      /** The `Resource` as the definition has it. */
      readonly arn: string;
      /** `dynamodb`, `events`, `lambda`, `sqs`, `states`, `http`, or `aws-sdk:SERVICE`. */
      readonly service: string;
      readonly action: string;
      readonly pattern: "requestResponse" | "sync" | "sync:2" | "waitForTaskToken";
    };

/** What the caller must do after a decision. */
export type Action =
  /** Perform a task, then resume with its result. `token` is present for activities and `.waitForTaskToken`. */
  | {
      readonly kind: "task";
      readonly wait: WaitId;
      readonly stateName: string;
      readonly resource: TaskResource;
      readonly parameters: JsonValue;
      readonly token?: string;
      readonly timeoutSeconds?: number;
      readonly heartbeatSeconds?: number;
    }
  /** Read the items of a distributed Map (`ItemReader`), then resume with `taskSucceeded` (an array) or `taskFailed`. */
  | { readonly kind: "readItems"; readonly wait: WaitId; readonly stateName: string; readonly reader: JsonObject }
  /** Write the results of a distributed Map (`ResultWriter`), then resume with `taskSucceeded` or `taskFailed`. */
  | {
      readonly kind: "writeResults";
      readonly wait: WaitId;
      readonly stateName: string;
      readonly writer: JsonObject;
      readonly mapRunArn: string;
      /** One object per child: `{status, input, startMs, stopMs}` with `output`, or with `failure` (`{Error, Cause}`). */
      readonly children: readonly JsonObject[];
    }
  /** Stop working on this wait; its result would be dropped (D3). */
  | { readonly kind: "cancel"; readonly wait: WaitId };

/** How an execution ended: the status of `DescribeExecution`, with the output or the error. */
export type Outcome =
  | { readonly status: "SUCCEEDED"; readonly output: JsonValue }
  | { readonly status: "FAILED" | "TIMED_OUT" | "ABORTED"; readonly error?: string; readonly cause?: string };

/** One entry of the execution's history. `details` has AWS's member names (`name`, `input`, `output`, `error`, `cause`, `resource`, ...), JSON texts as values. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestampMs: number;
  /** AWS's name of the type, for example `TaskStateEntered`. */
  readonly type: string;
  readonly details?: JsonObject;
}

/** What a decision did to one child of a distributed Map. A child is an execution of its own; `name` identifies it from one decision to the next. */
export interface ChildReport {
  readonly mapRunArn: string;
  readonly stateName: string;
  readonly index: number;
  readonly name: string;
  readonly startMs: number;
  /** The number of items in its batch; 1 without an ItemBatcher. */
  readonly itemCount: number;
  /** An Express child has no events. */
  readonly isExpress: boolean;
  readonly events: HistoryEvent[];
  /** Its input: present if this decision started the child; also at its end if reading it costs nothing. */
  input?: JsonValue | undefined;
  /** Present if this decision ended the child. */
  outcome?: Outcome;
  /** The child waits for its turn to be redriven. */
  pending?: true;
  redrives?: { readonly count: number; readonly redriveMs: number };
}

/**
 * The counts of a Map run, of its items or of its child executions.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeMapRun.html
 */
export interface MapRunCounts {
  readonly total: number;
  readonly pending: number;
  /** Children that wait to be redriven. */
  readonly pendingRedrive: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly aborted: number;
  /** Results that a ResultWriter has written to its destination. */
  readonly resultsWritten: number;
}

/** The progress of a Map run. With an ItemBatcher the counts of items and of executions differ. */
export interface MapRunReport {
  readonly mapRunArn: string;
  /** The child execution that runs it, if one distributed Map lies within another. */
  readonly executionArn?: string;
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED";
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  readonly executionCounts: MapRunCounts;
  readonly itemCounts: MapRunCounts;
}

/** What `start` and `resume` return: the new state, what happened and what the caller must do. */
export interface Decision {
  /** Store it for the next `resume`. After an end without success, `redrive` continues from it. */
  readonly state: ExecutionState;
  readonly events: readonly HistoryEvent[];
  readonly actions: readonly Action[];
  /** The Map runs that this decision changed. */
  readonly mapRuns?: readonly MapRunReport[];
  /** The children of distributed Maps that this decision changed. */
  readonly children?: readonly ChildReport[];
  /** The nearest deadline, in milliseconds since the epoch (D4); absent if no deadline runs. */
  readonly nextDueMs?: number;
  /** The caller must resume with `continue` (D5). */
  readonly continues: boolean;
  /** The steps that expressions took (budget.ts); present if they took many. */
  readonly work?: number;
  /** Set when the execution has ended. */
  readonly outcome?: Outcome;
}

/** `start` and `resume` throw this if the result of an evaluation is not known yet (D6). */
export class EvaluationPending extends Error {
  override readonly name = "EvaluationPending";
}
