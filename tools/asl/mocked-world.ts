/**
 * What tasks get for an answer in a test case.
 *
 * N1. A state's mock gives the task's result, whatever the pattern: for `.waitForTaskToken` what SendTaskSuccess or SendTaskFailure hand over,
 *     for `.sync` what the finished job gives, for an activity what its worker answers.
 * N2. For a function called by its ARN, an answer in the form of Lambda's Invoke (`StatusCode` and `Payload`) gives its `Payload`.
 * N3. A task without a mock, or without a response for this call, ends the execution with `States.Runtime`, which nothing catches; the case is
 *     then wrong, whatever its outcome.
 * N4. A Map with an ItemReader is mocked by its own name: `Return` holds the items. A ResultWriter writes nothing.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import type { Action, Reaction, Stimulus, WaitId } from "@serverlesspresso/states-language";
import { listOf, type Response, type TestCase } from "./mock-file.ts";

/** One call that was made, and what it got. */
export interface CallMade {
  readonly state: string;
  readonly resource: string;
  readonly number: number;
  readonly parameters: JsonValue;
  readonly response?: Response;
}

export interface MockedWorld {
  react(action: Action): readonly Reaction[];
  readonly calls: readonly CallMade[];
  /** What the mocks lack (N3). */
  readonly problems: readonly string[];
}

type Task = Action & { readonly kind: "task" };
interface Asked {
  readonly wait: WaitId;
  readonly state: string;
  readonly resource: string;
  readonly parameters: JsonValue;
}

export function createMockedWorld(testCase: TestCase | undefined): MockedWorld {
  const calls: CallMade[] = [];
  const problems: string[] = [];
  const counts = new Map<string, number>();

  function respond({ wait, state, resource, parameters }: Asked): Response | Stimulus {
    const number = counts.get(state) ?? 0;
    counts.set(state, number + 1);
    const mock = testCase?.mocks.get(state);
    const response = mock?.response(number);
    calls.push({ state, resource, number, parameters, ...(response && { response }) });
    if (response !== undefined) return response;
    const problem =
      mock === undefined
        ? `state "${state}" calls ${resource} and ${testCase === undefined ? "there are no mocks" : `case "${testCase.name}" has no mock for it`}; expected ${howToMock(state, testCase)}`
        : `state "${state}" makes call number ${number} and mock "${mock.name}" has responses for ${listOf(mock.numbers)}; expected one for "${number}" in MockedResponses.${mock.name}`;
    problems.push(problem);
    return { kind: "taskFailed", wait, error: "States.Runtime", cause: `There is no mocked response: ${problem}.` };
  }

  function answerTask(task: Task): readonly Reaction[] {
    const asked = { wait: task.wait, state: task.stateName, resource: task.resource.arn, parameters: task.parameters };
    const response = respond(asked);
    if (response.kind === "taskFailed") return [{ stimulus: response }];
    const accepted = acceptance(task);
    return [...(accepted ? [{ stimulus: accepted }] : []), ...answer(task.wait, response as Response, task)];
  }

  return {
    calls,
    problems,
    react(action) {
      if (action.kind === "task") return answerTask(action);
      if (action.kind === "writeResults") return [{ stimulus: { kind: "taskSucceeded", wait: action.wait, output: {} } }];
      if (action.kind !== "readItems") return [];
      const { wait, stateName, reader } = action;
      const response = respond({ wait, state: stateName, resource: String(reader.Resource), parameters: reader });
      return response.kind === "taskFailed" ? [{ stimulus: response }] : answer(wait, response as Response);
    },
  };
}

/** That the call was taken, where its result comes later. */
function acceptance({ wait, resource }: Task): Stimulus | undefined {
  if (resource.kind === "activity") return { kind: "taskSubmitted", wait, workerName: "mock" };
  const isLater = resource.kind === "integration" && resource.pattern !== "requestResponse";
  return isLater ? { kind: "taskSubmitted", wait, output: {} } : undefined;
}

function answer(wait: WaitId, response: Response, task?: Task): readonly Reaction[] {
  const afterMs = response.afterSeconds * 1_000;
  if (response.kind === "noAnswer") return [];
  if (response.kind === "return") return [{ afterMs, stimulus: { kind: "taskSucceeded", wait, output: resultOf(response.value, task) } }];
  const { error, cause } = response;
  return [{ afterMs, stimulus: { kind: "taskFailed", wait, error, ...(cause !== undefined && { cause }) } }];
}

function resultOf(value: JsonValue, task: Task | undefined): JsonValue {
  if (task?.resource.kind !== "function" || typeof value !== "object" || value === null) return value;
  return "StatusCode" in value && "Payload" in value ? (value.Payload as JsonValue) : value;
}

function howToMock(state: string, testCase: TestCase | undefined): string {
  const entry = `{${JSON.stringify(state)}: "NAME"} and MockedResponses {"NAME": {"0": {"Return": ...}}}`;
  return testCase === undefined ? `--mocks FILE with a test case ${entry}` : `${entry} in the mock file`;
}
