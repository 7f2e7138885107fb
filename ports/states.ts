import type { JsonValue } from "./json.ts";

export interface SyncResult {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
}
/** Step Functions' verbs. Failures carry AWS's code in `name`: `TaskTimedOut`, `InvalidToken`, `ExecutionAlreadyExists`, `StateMachineDoesNotExist`. */
export interface States {
  startExecution(request: {
    readonly stateMachineName: string;
    readonly name?: string;
    readonly input: JsonValue;
  }): Promise<{ readonly executionArn: string }>;
  /** Runs an Express workflow and waits for its end. */
  startSyncExecution(request: { readonly stateMachineName: string; readonly input: JsonValue }): Promise<SyncResult>;
  sendTaskSuccess(request: { readonly taskToken: string; readonly output: JsonValue }): Promise<void>;
  sendTaskFailure(request: { readonly taskToken: string; readonly error?: string; readonly cause?: string }): Promise<void>;
}
