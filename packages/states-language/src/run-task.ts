/** Task states: scheduling, and what their workers say. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Stimulus, TaskResource } from "./decision.ts";
import { StateFailure } from "./errors.ts";
import { details, tooLarge } from "./faults.ts";
import type { Completion, TaskState } from "./machine.ts";
import { isTooLarge } from "./payload-size.ts";
import { historyNames } from "./resource.ts";
import { emit, frameOf, nextWait, type Run } from "./run.ts";
import type { Node } from "./scope.ts";

/** Schedules the task: parameters, deadlines, events, the action. */
export function startTask(run: Run, node: Node, state: TaskState): undefined {
  const { resource } = state;
  const wait = nextWait(run);
  const hasToken = resource.kind === "activity" || (resource.kind === "integration" && resource.pattern === "waitForTaskToken");
  const frame = frameOf(run, node, hasToken ? { wait } : {});
  const parameters = state.prepare(frame);
  const timeout = state.timeoutSeconds(frame);
  const heartbeat = state.heartbeatSeconds(frame);
  const credentials = state.credentials?.(frame);
  if (isTooLarge(parameters)) throw tooLarge(state.name);
  const limits = {
    ...(timeout !== undefined && { timeoutInSeconds: timeout }),
    ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
    ...(credentials !== undefined && { taskCredentials: credentials }),
  };
  emitScheduled(run, node, resource, parameters, limits);
  waitFor(run, node, wait, resource.kind === "activity", timeout, heartbeat);
  run.actions.push({
    kind: "task",
    wait,
    stateName: state.name,
    resource,
    parameters,
    ...(hasToken && { token: run.env.taskToken(wait) }),
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
    ...(heartbeat !== undefined && { heartbeatSeconds: heartbeat }),
  });
}

function waitFor(
  run: Run,
  { scope }: Node,
  wait: number,
  isActivity: boolean,
  timeout: number | undefined,
  heartbeat: number | undefined,
): void {
  scope.k = "T";
  scope.w = wait;
  if (heartbeat !== undefined) scope.bs = heartbeat;
  // The time of an activity begins when a worker takes it.
  if (isActivity) {
    if (timeout !== undefined) scope.ds = timeout;
    return;
  }
  if (timeout !== undefined) scope.d = run.env.nowMs + timeout * 1_000;
  if (heartbeat !== undefined) scope.b = run.env.nowMs + heartbeat * 1_000;
}

function emitScheduled(run: Run, node: Node, resource: TaskResource, parameters: JsonValue, limits: JsonObject): void {
  if (resource.kind === "integration") {
    const names = historyNames(resource);
    const region = run.root.x.StateMachine.Id.split(":")[3] ?? "";
    emit(run, node, "TaskScheduled", { ...names, region, parameters, ...limits });
    emit(run, node, "TaskStarted", names);
    return;
  }
  const scheduled = { resource: resource.arn, input: parameters, ...limits };
  emit(run, node, resource.kind === "function" ? "LambdaFunctionScheduled" : "ActivityScheduled", scheduled);
  if (resource.kind === "function") emit(run, node, "LambdaFunctionStarted");
}

/** An event about the task under the name its kind has: `TaskFailed`, `LambdaFunctionFailed`, `ActivityFailed`. */
function emitAbout(
  run: Run,
  node: Node,
  resource: TaskResource,
  what: "Succeeded" | "Failed" | "ScheduleFailed" | "TimedOut",
  more: JsonObject,
): void {
  if (resource.kind === "integration") emit(run, node, `Task${what}`, { ...historyNames(resource), ...more });
  else emit(run, node, `${resource.kind === "function" ? "LambdaFunction" : "Activity"}${what}`, more);
}

export function taskSubmitted(run: Run, node: Node, state: TaskState, stimulus: Stimulus & { readonly kind: "taskSubmitted" }): void {
  const { resource } = state;
  const { scope } = node;
  if (resource.kind === "integration") {
    emit(run, node, "TaskSubmitted", { ...historyNames(resource), ...(stimulus.output !== undefined && { output: stimulus.output }) });
  }
  if (resource.kind !== "activity") return;
  emit(run, node, "ActivityStarted", stimulus.workerName === undefined ? {} : { workerName: stimulus.workerName });
  if (scope.ds !== undefined) scope.d = run.env.nowMs + scope.ds * 1_000;
  if (scope.bs !== undefined) scope.b = run.env.nowMs + scope.bs * 1_000;
}

export function heartbeat(run: Run, { scope }: Node): void {
  if (scope.bs !== undefined) scope.b = run.env.nowMs + scope.bs * 1_000;
}

/** @throws {StateFailure} where the output is too large */
export function taskSucceeded(run: Run, node: Node, state: TaskState, output: JsonValue): Completion {
  const { resource } = state;
  if (isTooLarge(output)) {
    const failure = tooLarge(resource.kind === "integration" ? resource.service : resource.arn);
    emitAbout(run, node, resource, "Failed", details({ error: failure.error, cause: failure.causeText }));
    throw failure;
  }
  emitAbout(run, node, resource, "Succeeded", { output });
  return state.complete(frameOf(run, node), output);
}

/** @throws {StateFailure} always */
export function taskFailed(run: Run, node: Node, state: TaskState, failed: Stimulus & { readonly kind: "taskFailed" }): never {
  const what = failed.unscheduled === true ? "ScheduleFailed" : "Failed";
  emitAbout(run, node, state.resource, what, details({ error: failed.error, cause: failed.cause }));
  throw new StateFailure(failed.error, failed.cause);
}

/** The task's time or its heartbeat is over. @throws {StateFailure} always */
export function taskTimedOut(run: Run, node: Node, state: TaskState): never {
  const { scope } = node;
  const late = scope.d === undefined || run.env.nowMs < scope.d;
  run.actions.push({ kind: "cancel", wait: scope.w as number });
  emitAbout(run, node, state.resource, "TimedOut", { error: "States.Timeout" });
  throw new StateFailure("States.Timeout", undefined, late ? { alias: "States.HeartbeatTimeout" } : {});
}
