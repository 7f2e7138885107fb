/** Runs Task states: schedules tasks and receives their results. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Stimulus, TaskResource } from "./decision.ts";
import { StateFailure } from "./errors.ts";
import type { RunningTask } from "./execution-state.ts";
import { details, tooLarge } from "./faults.ts";
import type { Completion, TaskState } from "./machine.ts";
import { become, type Node, scopeOfKind } from "./node.ts";
import { isTooLarge } from "./payload-size.ts";
import { historyNames } from "./resource.ts";
import { emit, frameOf, nextWait, type Run } from "./run.ts";

/** Schedules the task: evaluates its parameters, sets its deadlines and adds events and the action. */
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
  const time = resource.kind === "activity" ? timeOfActivity(timeout, heartbeat) : timeFrom(run.env.nowMs, timeout, heartbeat);
  become(node, run.root, { ...scopeOfKind(node, "entered"), kind: "runningTask", wait, ...time });
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

type TimeLimits = Pick<RunningTask, "deadlineMs" | "heartbeat" | "activityTimeoutSeconds">;

function timeFrom(nowMs: number, timeout: number | undefined, heartbeat: number | undefined): TimeLimits {
  return {
    deadlineMs: timeout === undefined ? undefined : nowMs + timeout * 1_000,
    heartbeat: heartbeat === undefined ? undefined : heartbeatFrom(nowMs, heartbeat),
    activityTimeoutSeconds: undefined,
  };
}

/** Returns the time limits of an activity task; they begin when a worker takes it. */
function timeOfActivity(timeout: number | undefined, heartbeat: number | undefined): TimeLimits {
  return {
    deadlineMs: undefined,
    heartbeat: heartbeat === undefined ? undefined : { seconds: heartbeat, dueMs: undefined },
    activityTimeoutSeconds: timeout,
  };
}

function heartbeatFrom(nowMs: number, seconds: number): NonNullable<RunningTask["heartbeat"]> {
  return { seconds, dueMs: nowMs + seconds * 1_000 };
}

function emitScheduled(run: Run, node: Node, resource: TaskResource, parameters: JsonValue, limits: JsonObject): void {
  if (resource.kind === "integration") {
    const { resourceType, resource: name } = historyNames(resource);
    const region = regionOf(run.root.context.StateMachine.Id);
    emit(run, node, "TaskScheduled", { resourceType, resource: name, region, parameters, ...limits });
    emit(run, node, "TaskStarted", { resourceType, resource: name });
    return;
  }
  const scheduled = { resource: resource.arn, input: parameters, ...limits };
  emit(run, node, resource.kind === "function" ? "LambdaFunctionScheduled" : "ActivityScheduled", scheduled);
  if (resource.kind === "function") emit(run, node, "LambdaFunctionStarted");
}

/** Returns what stands behind the third colon of an ARN; the empty text where it has fewer. */
function regionOf(arn: string): string {
  let from = 0;
  for (let colons = 0; colons < 3; colons++) {
    from = arn.indexOf(":", from) + 1;
    if (from === 0) return "";
  }
  const end = arn.indexOf(":", from);
  return end < 0 ? arn.slice(from) : arn.slice(from, end);
}

/** Records that the service accepted the call, or that a worker took the activity task, whose time limits begin. */
export function taskSubmitted(
  run: Run,
  node: Node,
  { state, scope }: { readonly state: TaskState; readonly scope: RunningTask },
  stimulus: Stimulus & { readonly kind: "taskSubmitted" },
): void {
  const { resource } = state;
  if (resource.kind === "integration") {
    emit(run, node, "TaskSubmitted", { ...historyNames(resource), ...(stimulus.output !== undefined && { output: stimulus.output }) });
  }
  if (resource.kind !== "activity") return;
  emit(run, node, "ActivityStarted", stimulus.workerName === undefined ? {} : { workerName: stimulus.workerName });
  const { activityTimeoutSeconds, heartbeat } = scope;
  const { nowMs } = run.env;
  become(node, run.root, {
    ...scope,
    ...(activityTimeoutSeconds !== undefined && { deadlineMs: nowMs + activityTimeoutSeconds * 1_000 }),
    ...(heartbeat && { heartbeat: heartbeatFrom(nowMs, heartbeat.seconds) }),
  });
}

/** Moves the heartbeat deadline after a heartbeat of the worker. */
export function heartbeat(run: Run, node: Node, scope: RunningTask): void {
  if (scope.heartbeat) become(node, run.root, { ...scope, heartbeat: heartbeatFrom(run.env.nowMs, scope.heartbeat.seconds) });
}

/** Returns the completion of the task. @throws {StateFailure} `States.DataLimitExceeded` if the output is too large */
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

/** Adds an event about the task, named for its kind: `TaskFailed`, `LambdaFunctionFailed`, `ActivityFailed`. */
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

/** Fails the task. @throws {StateFailure} always, with the error of the worker */
export function taskFailed(run: Run, node: Node, state: TaskState, failed: Stimulus & { readonly kind: "taskFailed" }): never {
  const what = failed.unscheduled === true ? "ScheduleFailed" : "Failed";
  emitAbout(run, node, state.resource, what, details({ error: failed.error, cause: failed.cause }));
  throw new StateFailure(failed.error, failed.cause);
}

/** Times the task out. @throws {StateFailure} always `States.Timeout`; after a missed heartbeat also known as `States.HeartbeatTimeout` */
export function taskTimedOut(run: Run, node: Node, state: TaskState, { deadlineMs, wait }: RunningTask): never {
  const isHeartbeat = deadlineMs === undefined || run.env.nowMs < deadlineMs;
  run.actions.push({ kind: "cancel", wait });
  emitAbout(run, node, state.resource, "TimedOut", { error: "States.Timeout" });
  throw new StateFailure("States.Timeout", undefined, isHeartbeat ? { alias: "States.HeartbeatTimeout" } : {});
}
