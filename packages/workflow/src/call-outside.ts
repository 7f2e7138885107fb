/** Calls that lie outside of transactions: functions, external integrations, items read and results written for distributed Maps. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type Action, lambdaEvent, type Stimulus } from "@serverlesspresso/states-language";
import type { Engine } from "./engine.ts";
import { TaskError } from "./errors.ts";
import type { FunctionResult } from "./integration.ts";
import type { ExecutionId } from "./keys.ts";
import { liveOf } from "./live.ts";
import { answerOf, callOf, reported } from "./perform.ts";
import type { RunningRecord } from "./records.ts";
import { integrationOf, isLambdaInvoke, unavailable } from "./registry.ts";

/** A call that an execution waits for. */
export interface OutsideCall {
  readonly id: ExecutionId;
  readonly record: RunningRecord;
  readonly action: Action;
}

/** Makes the call. Resolves with what it means for the execution: its result, its failure, or that the result comes later. */
export async function callOutside(engine: Engine, call: OutsideCall, signal: AbortSignal): Promise<Stimulus> {
  const { id, record, action } = call;
  try {
    return answerOf(action, await outputOf(engine, call, signal));
  } catch (error) {
    if (signal.aborted) return { kind: "taskFailed", wait: action.wait, error: "States.TaskFailed", cause: "aborted" };
    const live = { ...record, machine: liveOf(id, record, false).machine, express: record.express };
    return { kind: "taskFailed", wait: action.wait, ...reported(engine, live, action, error) };
  }
}

async function outputOf(engine: Engine, { id, record, action }: OutsideCall, signal: AbortSignal): Promise<JsonValue> {
  switch (action.kind) {
    case "task": {
      const { resource, parameters } = action;
      const integration = resource.kind === "integration" ? integrationOf(engine.integrations(), resource) : undefined;
      if (integration?.kind === "external") {
        return integration.call(parameters as JsonObject, signal, callOf(engine, liveOf(id, record, false), action));
      }
      const called = callFunction(engine, action);
      if (called !== undefined) return called;
      throw unavailable(engine.integrations(), resource);
    }
    case "readItems":
      if (engine.readItems) return engine.readItems(action.reader);
      break;
    case "writeResults":
      if (engine.writeResults) return engine.writeResults(action.writer, action);
  }
  throw new TaskError("States.Runtime", `${action.kind} is not available here.`);
}

/** Resolves with the result of the function that a task calls; undefined for a task that calls no function. */
export function callFunction(engine: Engine, { resource, parameters }: Action & { readonly kind: "task" }): Promise<JsonValue> | undefined {
  if (resource.kind === "function") return invoke(engine, resource.arn, parameters);
  return isLambdaInvoke(resource) ? invokeLambda(engine, parameters as JsonObject) : undefined;
}

/** `lambda:invoke`: the result of the function, in the shape of Lambda's Invoke. */
async function invokeLambda(engine: Engine, parameters: JsonObject): Promise<JsonValue> {
  const name = parameters.FunctionName;
  if (typeof name !== "string") throw new TaskError("States.Runtime", "The field 'FunctionName' is missing or not a string.");
  const Payload = await invoke(engine, name, lambdaEvent(parameters));
  return { ExecutedVersion: "$LATEST", Payload, StatusCode: 200 };
}

async function invoke(engine: Engine, nameOrArn: string, payload: JsonValue): Promise<JsonValue> {
  const result = await engine.invokeFunction(nameOrArn, payload).catch((error: unknown) => {
    throw refusalOf(error, engine.ids.uuid());
  });
  return payloadOf(result);
}

const statusCodes: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 404,
  TooManyRequestsException: 429,
  RequestTooLargeException: 413,
};

/** Lambda's own refusal, e.g. `Lambda.ResourceNotFoundException`. */
function refusalOf(error: unknown, requestId: string): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  if (typeof code !== "string" || !code.endsWith("Exception")) return error;
  const told = `Service: AWSLambda; Status Code: ${statusCodes[code] ?? 400}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null`;
  return new TaskError(`Lambda.${code}`, `${message} (${told})`);
}

function payloadOf({ payload, functionError }: FunctionResult): JsonValue {
  if (functionError === undefined) return payload;
  const errorType = (payload as { readonly errorType?: JsonValue } | null)?.errorType;
  throw new TaskError(typeof errorType === "string" ? errorType : "Lambda.Unknown", JSON.stringify(payload));
}
