import type { JsonValue } from "./json.ts";

/** How a synchronous Express execution ended. `output` stands with SUCCEEDED, `error` and `cause` with the others. */
export interface SyncResult {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
}
/** Step Functions' verbs. Failures carry AWS's code in `name`: `ExecutionAlreadyExists`, `StateMachineDoesNotExist`. */
export interface States {
  startExecution(request: {
    readonly stateMachineName: string;
    readonly name?: string;
    readonly input: JsonValue;
  }): Promise<{ readonly executionArn: string }>;
  /** Runs an Express workflow and waits for its end. */
  startSyncExecution(request: { readonly stateMachineName: string; readonly input: JsonValue }): Promise<SyncResult>;
}
