/** TestState: one task performed by itself, for no execution. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Action, TaskResource } from "@serverlesspresso/states-language";
import { callFunction } from "./call-outside.ts";
import type { Engine } from "./engine.ts";
import { isStoreFailure, taskFailureOf } from "./failures.ts";
import type { TaskCall } from "./integration.ts";
import { integrationOf, unavailable } from "./registry.ts";

/** What it came to: durable, where it changed anything. */
export type TestedTask = { readonly output: JsonValue } | { readonly error: string; readonly cause: string };

/** Resolves with the task's output or error, outside of any execution. Rejects with a failure of the store alone. */
export async function testTask(engine: Engine, resource: TaskResource, parameters: JsonValue): Promise<TestedTask> {
  try {
    return { output: await outputOf(engine, resource, parameters) };
  } catch (thrown) {
    if (isStoreFailure(thrown)) throw thrown;
    const { error, cause, expected } = taskFailureOf(thrown);
    if (!expected) engine.onError(thrown, `a tested task of ${resource.arn}`);
    return { error, cause };
  }
}

async function outputOf(engine: Engine, resource: TaskResource, parameters: JsonValue): Promise<JsonValue> {
  const integration = resource.kind === "integration" ? integrationOf(engine.integrations(), resource) : undefined;
  const task = nobodysTask(engine);
  if (integration?.kind === "transactional") return engine.store.transact((tx) => integration.call(tx, parameters as JsonObject, task));
  if (integration) return integration.call(parameters as JsonObject, new AbortController().signal, task);
  const action: Action = { kind: "task", wait: task.reference.wait, stateName: task.stateName, resource, parameters };
  const called = callFunction(engine, action);
  if (called === undefined) throw unavailable(engine.integrations(), resource);
  return called;
}

function nobodysTask({ arns, ids }: Engine): TaskCall {
  const executionArn = arns.express(ids.uuid(), ids.uuid(), ids.uuid());
  return { executionArn, stateName: "StateName", reference: { executionId: "", wait: 0 } };
}
