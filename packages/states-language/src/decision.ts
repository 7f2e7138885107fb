/**
 * What the core answers. It is pure: the same machine, state, stimulus and environment give the same decision.
 *
 * D1. `start` and `resume` read no clock and perform nothing; what must happen is in `actions`, what did happen in `events`.
 * D2. `ExecutionState` is JSON and whole: stored, read back and resumed by the same definition, it goes on as if never stopped.
 * D3. A stimulus for a wait that is over changes nothing (no events, no actions).
 * D4. Every deadline (Wait, TimeoutSeconds, HeartbeatSeconds, retry back-off, the machine's own TimeoutSeconds) lives in the state;
 *     `nextDueMs` is the nearest. The caller resumes with `timeReached` then; too early changes nothing.
 * D5. At most `env.maxSteps` states are entered in one decision; then `continues` is true and the caller resumes with `continue`.
 * D6. Where `env.evaluate` answers `pending`, the decision throws `EvaluationPending` and has had no effect; ask again once it is known.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { ExecutionState, WaitId } from "./execution-state.ts";

/** What a JSONata evaluation gave. */
export type Evaluation =
  | { readonly kind: "value"; readonly value: JsonValue | undefined }
  | { readonly kind: "error"; readonly code: string; readonly message: string; readonly position?: number }
  | { readonly kind: "pending" };

/** What a decision may ask of its surroundings, all of it passed in. */
export interface Environment {
  readonly nowMs: number;
  readonly maxSteps: number;
  /** The state machine is being deleted: no state is entered any more, and where one would be, the execution is aborted. */
  readonly isDeleted?: boolean;
  random(): number;
  uuid(): string;
  /** The token (`$$.Task.Token`) for one wait; the same for the same wait. */
  taskToken(wait: WaitId): string;
  /** Evaluates a JSONata expression (without `{% %}`) with these variables (names without `$`). */
  evaluate(expression: string, variables: JsonObject): Evaluation;
}

export type Stimulus =
  /** The task's call was made and accepted: for `.sync`, `.waitForTaskToken` and activities (taken by `workerName`); the result comes later. `output` is the call's answer. */
  | { readonly kind: "taskSubmitted"; readonly wait: WaitId; readonly output?: JsonValue; readonly workerName?: string }
  | { readonly kind: "taskSucceeded"; readonly wait: WaitId; readonly output: JsonValue }
  /** SendTaskFailure may leave `error` and `cause` out. */
  /** `unscheduled`: it never began, for what should do it is not there. */
  | { readonly kind: "taskFailed"; readonly wait: WaitId; readonly error?: string; readonly cause?: string; readonly unscheduled?: true }
  | { readonly kind: "heartbeat"; readonly wait: WaitId }
  | { readonly kind: "timeReached" }
  | { readonly kind: "continue" }
  /** StopExecution. */
  | { readonly kind: "abort"; readonly error?: string; readonly cause?: string }
  /** RedriveExecution, of an execution that has ended without success: its `redriveCount`-th. */
  | { readonly kind: "redrive"; readonly redriveCount: number }
  /** StopExecution, of a child of a distributed Map. */
  | {
      readonly kind: "abortChild";
      readonly mapRunArn: string;
      readonly index: number;
      readonly error?: string;
      readonly cause?: string;
    }
  /** UpdateMapRun, of a run under way. */
  | {
      readonly kind: "updateMapRun";
      readonly mapRunArn: string;
      readonly maxConcurrency?: number;
      readonly toleratedFailureCount?: number;
      readonly toleratedFailurePercentage?: number;
    };

/** How a task's `Resource` reads. */
export type TaskResource =
  | { readonly kind: "function"; readonly arn: string }
  | { readonly kind: "activity"; readonly arn: string }
  | {
      readonly kind: "integration";
      /** As in the definition. */
      readonly arn: string;
      /** `dynamodb`, `events`, `lambda`, `sqs`, `states`, `http`, or `aws-sdk:SERVICE`. */
      readonly service: string;
      readonly action: string;
      readonly pattern: "requestResponse" | "sync" | "sync:2" | "waitForTaskToken";
    };

export type Action =
  /** Perform a task, then resume with its result. `token` is given for activities and `.waitForTaskToken`. */
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
      /** Each child: `{status, input, startMs, stopMs}` and `output`, or `failure` (`{Error, Cause}`). */
      readonly children: readonly JsonObject[];
    }
  /** The result of this wait is of no interest any more. */
  | { readonly kind: "cancel"; readonly wait: WaitId };

export type Outcome =
  | { readonly status: "SUCCEEDED"; readonly output: JsonValue }
  | { readonly status: "FAILED" | "TIMED_OUT" | "ABORTED"; readonly error?: string; readonly cause?: string };

/** One entry of the execution's history. `details` has AWS's member names (`name`, `input`, `output`, `error`, `cause`, `resource`, ...), JSON texts as values. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestampMs: number;
  /** AWS's own, e.g. `TaskStateEntered`. */
  readonly type: string;
  readonly details?: JsonObject;
}

/** What a decision did to one child of a distributed Map, which is an execution of its own; by its name one knows it again. */
export interface ChildReport {
  readonly mapRunArn: string;
  readonly stateName: string;
  readonly index: number;
  readonly name: string;
  readonly startMs: number;
  /** Of its batch; 1 without. */
  readonly itemCount: number;
  /** Then it has no events. */
  readonly isExpress: boolean;
  readonly events: HistoryEvent[];
  /** What it was given: where this decision began it, and at its end where that needs no work. */
  input?: JsonValue | undefined;
  /** Where this decision ended it. */
  outcome?: Outcome;
  /** It waits for its turn to be redriven. */
  pending?: true;
  redrives?: { readonly count: number; readonly redriveMs: number };
}

export interface MapRunCounts {
  readonly total: number;
  readonly pending: number;
  /** To be redriven. */
  readonly pendingRedrive: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly aborted: number;
  /** By a ResultWriter, outside. */
  readonly resultsWritten: number;
}

/** How the run of a distributed Map stands. Counts of items and of executions differ where an ItemBatcher makes batches. */
export interface MapRunReport {
  readonly mapRunArn: string;
  /** The child that it is a run of, where a distributed Map lies within another. */
  readonly executionArn?: string;
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED";
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  readonly executionCounts: MapRunCounts;
  readonly itemCounts: MapRunCounts;
}

export interface Decision {
  /** Of an execution that has ended without success: what `redrive` goes on from. */
  readonly state: ExecutionState;
  readonly events: readonly HistoryEvent[];
  readonly actions: readonly Action[];
  /** The Map runs that this decision has moved. */
  readonly mapRuns?: readonly MapRunReport[];
  /** The children of distributed Maps that this decision has moved. */
  readonly children?: readonly ChildReport[];
  /** The nearest deadline, or undefined where none runs. */
  readonly nextDueMs?: number;
  readonly continues: boolean;
  /** The steps that expressions took (budget.ts), where they took many. */
  readonly work?: number;
  /** Set when the execution has ended. */
  readonly outcome?: Outcome;
}

/** Thrown by `start` and `resume` where an evaluation is not known yet (D6). */
export class EvaluationPending extends Error {
  override readonly name = "EvaluationPending";
}
