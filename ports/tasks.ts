import type { JsonValue } from "./json.ts";

/**
 * Step Functions' verbs for a task that waits with a token. Failures carry AWS's code in `name`: `TaskTimedOut` (also for a token that was
 * used), `TaskDoesNotExist`, `InvalidToken`.
 */
export interface Tasks {
  /** Ends the waiting task with this output. */
  sendTaskSuccess(request: { readonly taskToken: string; readonly output: JsonValue }): Promise<void>;
  /** Ends the waiting task with this error. */
  sendTaskFailure(request: { readonly taskToken: string; readonly error: string; readonly cause: string }): Promise<void>;
}
