/**
 * Runs one state on its own, as the TestState API does. Pure.
 *
 * T1. Nothing waits and nothing is retried: the result says what would happen next.
 * T2. For a Task without a mock the function returns the task to perform; the caller calls again with its result.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { newBudget } from "../budget.ts";
import { compileState } from "../compile.ts";
import type { Environment, TaskResource } from "../decision.ts";
import { StateFailure } from "../errors.ts";
import { errorOutput, type Fault, matches } from "../faults.ts";
import { type Frame, member } from "../frame.ts";
import type { State } from "../machine.ts";
import { isTolerated } from "../map-run.ts";
import { formatTimestamp } from "../timestamps.ts";
import { createInspection, type Inspection } from "./inspection.ts";
import { checkRequest, parseMock, type Subject, subjectOf, type TestStateRequest } from "./request.ts";
import type { TestStateResult } from "./result.ts";
import { completeStep, prepareStep } from "./steps.ts";

/** The longest back-off at any rate. */
const longestDelaySeconds = 99_999_999;

/** The result, or the task to perform first (T2). */
export type TestStateAnswer =
  | { readonly kind: "result"; readonly result: TestStateResult }
  | { readonly kind: "task"; readonly resource: TaskResource; readonly parameters: JsonValue };

/** The result of a performed task. */
export type TaskResult = { readonly output: JsonValue } | { readonly error?: string; readonly cause?: string };

/** What the call needs apart from the environment. */
export interface TestStateOptions {
  readonly account: string;
  readonly region: string;
  /** `checkRequest` has checked the call before. */
  readonly isChecked?: boolean;
}

/** Tests a state. @throws {TestStateError} if AWS would refuse the call */
export function testState(
  request: TestStateRequest,
  env: Environment,
  options: TestStateOptions,
  taskResult?: TaskResult,
): TestStateAnswer {
  const subject = options.isChecked ? subjectOf(request) : checkRequest(request);
  const state = compileState("StateName", subject.state, subject.language, subject.machineLanguage);
  const frame = frameOf(request, env, options, state);
  const inspection = createInspection(frame.input, request.variables);
  const finish = (outcome: TestStateResult): TestStateAnswer => {
    const level = request.inspectionLevel ?? "INFO";
    return { kind: "result", result: { ...outcome, ...(level !== "INFO" && { inspectionData: inspection.data() }) } };
  };
  try {
    const prepared = prepareStep(subject, state, frame, inspection, request.stateConfiguration?.mapItemReaderData);
    const result = resultOf(request, state, prepared, taskResult);
    if (result === undefined && state.type === "Task") return { kind: "task", resource: state.resource, parameters: prepared };
    return finish(completeStep(subject, state, frame, inspection, prepared, result));
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    return finish(failed(request, subject, state, frame, inspection, error));
  }
}

function resultOf(request: TestStateRequest, state: State, prepared: JsonValue, taskResult: TaskResult | undefined): JsonValue | undefined {
  const { mock } = request;
  const failure = mock ? mock.errorOutput : taskResult && !("output" in taskResult) ? taskResult : undefined;
  if (failure) throw new StateFailure(failure.error, failure.cause);
  if (state.type === "Map") checkTolerance(request, prepared);
  if (mock?.result !== undefined) return parseMock(mock.result);
  return taskResult && "output" in taskResult ? taskResult.output : undefined;
}

/** `prepared` of a Map has its thresholds. */
function checkTolerance({ stateConfiguration }: TestStateRequest, prepared: JsonValue): void {
  const failures = stateConfiguration?.mapIterationFailureCount ?? 0;
  const { count, percentage, length } = prepared as { count?: number; percentage?: number; length: number };
  if (isTolerated(failures, length, { count, percentage })) return;
  throw new StateFailure("States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded");
}

function failed(
  request: TestStateRequest,
  { language }: Subject,
  state: State,
  frame: Frame,
  inspection: Inspection,
  failure: StateFailure,
): TestStateResult {
  const fault: Fault = { error: failure.error, cause: failure.causeText, alias: failure.alias };
  const told = { ...(fault.error !== undefined && { error: fault.error }), ...(fault.cause !== undefined && { cause: fault.cause }) };
  const retryIndex = state.retry.findIndex(({ errors }) => matches(errors, fault));
  const retrier = state.retry[retryIndex];
  const attempts = request.stateConfiguration?.retrierRetryCount ?? 0;
  if (retrier && attempts < retrier.maxAttempts) {
    const seconds = Math.min(
      retrier.intervalSeconds * retrier.backoffRate ** attempts,
      retrier.maxDelaySeconds ?? Number.POSITIVE_INFINITY,
      longestDelaySeconds,
    );
    inspection.set("errorDetails", { retryBackoffIntervalSeconds: seconds, retryIndex });
    return { status: "RETRIABLE", ...told };
  }
  const catchIndex = state.catch.findIndex(({ errors }) => matches(errors, fault));
  const catcher = state.catch[catchIndex];
  if (!catcher) return { status: "FAILED", ...told };
  const { output, assigned } = catcher.complete(frame, errorOutput(fault));
  inspection.set("errorDetails", { catchIndex });
  if (language === "JSONPath") inspection.set("afterResultPath", output);
  inspection.assign(assigned);
  return { status: "CAUGHT_ERROR", ...told, output, nextState: catcher.next };
}

function frameOf(request: TestStateRequest, env: Environment, options: TestStateOptions, state: State): Frame {
  const input = request.input ?? {};
  let context: JsonObject | undefined;
  return {
    env,
    budget: newBudget(),
    input,
    stateInput: input,
    context: () => (context ??= request.context ?? defaultContext(request, env, options, state, input)),
    variable: (name) => member(request.variables ?? {}, name),
  };
}

function defaultContext(
  request: TestStateRequest,
  env: Environment,
  { account, region }: TestStateOptions,
  state: State,
  input: JsonValue,
): JsonObject {
  const [name, machine] = [env.uuid(), env.uuid()];
  const now = formatTimestamp(env.nowMs);
  const retries = state.type === "Task" || state.type === "Map" || state.type === "Parallel";
  return {
    Execution: {
      Id: `arn:aws:states:${region}:${account}:express:${machine}:${name}`,
      Input: input,
      Name: name,
      RoleArn: request.roleArn ?? null,
      StartTime: now,
    },
    StateMachine: { Id: `arn:aws:states:${region}:${account}:stateMachine:${machine}`, Name: machine },
    State: { Name: state.name, EnteredTime: now, ...(retries && { RetryCount: request.stateConfiguration?.retrierRetryCount ?? 0 }) },
    ...(state.type === "Task" && hasToken(state.resource) && { Task: { Token: env.taskToken(1) } }),
  };
}

function hasToken(resource: TaskResource): boolean {
  return resource.kind === "activity" || (resource.kind === "integration" && resource.pattern === "waitForTaskToken");
}
