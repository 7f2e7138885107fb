/**
 * What a Task state can call beside functions and activities. A registry maps `SERVICE:ACTION` as in the state's
 * `Resource` (`dynamodb:getItem`, `aws-sdk:sfn:listExecutions`) to one of these; the patterns `.sync` and `.sync:2` have
 * entries of their own (`states:startExecution.sync`). Failures are thrown as `TaskError`.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";

/** Which task calls. */
export interface TaskCall {
  readonly executionArn: string;
  readonly stateName: string;
  /** Names the execution and the wait, for `Workflows.completeTask`. */
  readonly reference: TaskReference;
}

/** One wait of one execution. */
export interface TaskReference {
  readonly executionId: string;
  readonly wait: number;
}

/** `transactional`: performed inside the transaction that records the transition, exactly once. `external`: after it, at least once. */
export type Integration =
  | { readonly kind: "transactional"; call(tx: Transaction, parameters: JsonObject, task: TaskCall): JsonValue }
  | { readonly kind: "external"; call(parameters: JsonObject, signal: AbortSignal, task: TaskCall): Promise<JsonValue> };

/** An action that AWS has and the service here has not. */
export interface AbsentIntegration {
  readonly kind: "absent";
  readonly reason: string;
}

/** Integrations by name. */
export type Integrations = Readonly<Record<string, Integration | AbsentIntegration>>;

/** What a function answered; `functionError` is set where it failed, and `payload` is then `{errorType, errorMessage, ...}`. */
export interface FunctionResult {
  readonly payload: JsonValue;
  readonly functionError?: string;
}

/** Runs a function. Rejects with an error whose `code` is Lambda's where it refuses the call. */
export type InvokeFunction = (nameOrArn: string, payload: JsonValue) => Promise<FunctionResult>;
