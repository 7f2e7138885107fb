/** What a task's resource does in a case: mocked behaviours as stimuli, each some seconds from now. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type Action, lambdaEvent, type Reaction, type Stimulus, type WaitId } from "@serverlesspresso/states-language";
import { readItems } from "./asl-items.ts";

export type Mock = {
  readonly return?: JsonValue;
  readonly echo?: boolean;
  readonly raise?: { readonly errorType: string; readonly errorMessage: string };
  readonly fail?: { readonly error: string; readonly cause: string };
  readonly missing?: boolean;
  readonly never?: boolean;
  readonly delaySeconds?: number;
  readonly sequence?: readonly Mock[];
  readonly callback?: { readonly success?: JsonValue; readonly failure?: { readonly error?: string; readonly cause?: string } } | null;
};

type Task = Action & { readonly kind: "task" };
type Buckets = Readonly<Record<string, Readonly<Record<string, string>>>>;

const heartbeatShare = 0.5;

export function createMocks(mocks: Readonly<Record<string, Mock>>, s3: Buckets) {
  const calls = new Map<string, number>();

  function mockOf(key: string): Mock | undefined {
    const mock = mocks[key];
    if (!mock?.sequence) return mock;
    const call = calls.get(key) ?? 0;
    calls.set(key, call + 1);
    return mock.sequence[Math.min(call, mock.sequence.length - 1)];
  }

  function answerTask(task: Task): Reaction[] {
    const key = keyOf(task, mocks);
    const mock = mockOf(key);
    if (!mock) throw new Error(`no mock for '${key}'`);
    if (task.resource.kind === "activity") return answerActivity(task, mock);
    const result = resultOf(task, key, mock);
    const after = mock.delaySeconds ?? 0;
    if (!result) return [];
    if (result.kind !== "taskSucceeded") return [{ afterMs: after * 1_000, stimulus: result }];
    const waits = task.resource.kind === "integration" && task.resource.pattern !== "requestResponse";
    if (!waits) return [{ afterMs: after * 1_000, stimulus: result }];
    return [
      { afterMs: after * 1_000, stimulus: { kind: "taskSubmitted", wait: task.wait, output: result.output } },
      ...callback(task, mock, result, after),
    ];
  }

  return {
    answer(action: Action): Reaction[] {
      if (action.kind === "task") return answerTask(action);
      if (action.kind === "readItems") return [{ stimulus: readItems(action.wait, action.reader, s3) }];
      if (action.kind === "writeResults") return [{ stimulus: succeeded(action.wait, {}) }];
      return [];
    },
  };
}

function succeeded(wait: WaitId, output: JsonValue): Stimulus & { readonly kind: "taskSucceeded" } {
  return { kind: "taskSucceeded", wait, output };
}

/** A function's name, or the resource as the definition has it. */
function keyOf({ resource, parameters }: Task, mocks: Readonly<Record<string, Mock>>): string {
  if (resource.kind === "function") return nameOf(resource.arn);
  if (!resource.arn.includes(":lambda:invoke") || Object.hasOwn(mocks, resource.arn)) return resource.arn;
  return nameOf(String((parameters as JsonObject).FunctionName));
}

function nameOf(arn: string): string {
  return arn.startsWith("arn:") ? (arn.split(":")[6] ?? arn) : (arn.split(":")[0] ?? arn);
}

function answerActivity({ wait, parameters, heartbeatSeconds, resource }: Task, mock: Mock): Reaction[] {
  if (mock.missing)
    return [
      {
        stimulus: {
          kind: "taskFailed",
          wait,
          error: "States.Runtime",
          cause: `The activity ${resource.arn} does not exist.`,
          unscheduled: true,
        },
      },
    ];
  const taken: Reaction = { stimulus: { kind: "taskSubmitted", wait, workerName: "worker" } };
  if (mock.never) return [taken];
  const after = mock.delaySeconds ?? 0;
  const result: Stimulus = mock.fail
    ? { kind: "taskFailed", wait, ...mock.fail }
    : succeeded(wait, mock.echo ? parameters : (mock.return ?? null));
  return [taken, ...heartbeats(wait, heartbeatSeconds, after), { afterMs: after * 1_000, stimulus: result }];
}

function heartbeats(wait: WaitId, everySeconds: number | undefined, untilSeconds: number): Reaction[] {
  const beats: Reaction[] = [];
  const step = (everySeconds ?? 0) * heartbeatShare;
  for (let at = step; step > 0 && at < untilSeconds; at += step) beats.push({ afterMs: at * 1_000, stimulus: { kind: "heartbeat", wait } });
  return beats;
}

function resultOf(task: Task, name: string, mock: Mock): (Stimulus & { readonly kind: "taskSucceeded" | "taskFailed" }) | undefined {
  const { wait, parameters, resource } = task;
  if (mock.never) return undefined;
  if (mock.missing) return { kind: "taskFailed", wait, ...missing(task, name) };
  if (mock.fail) return { kind: "taskFailed", wait, ...mock.fail };
  if (mock.raise) return { kind: "taskFailed", wait, error: mock.raise.errorType, cause: JSON.stringify(mock.raise) };
  const isInvoke = resource.kind === "integration" && resource.arn.includes(":lambda:invoke") && name !== resource.arn;
  const event = isInvoke ? lambdaEvent(parameters as JsonObject) : parameters;
  const value = mock.echo ? event : (mock.return ?? null);
  return succeeded(wait, isInvoke ? { ExecutedVersion: "$LATEST", Payload: value, StatusCode: 200 } : value);
}

function missing({ resource }: Task, name: string): { readonly error: string; readonly cause: string } {
  const arn = resource.kind === "function" ? resource.arn : `arn:aws:lambda:us-east-1:111111111111:function:${name}`;
  return {
    error: "Lambda.ResourceNotFoundException",
    cause: `Function not found: ${arn}:$LATEST (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: 0; Proxy: null)`,
  };
}

function callback(
  { wait, heartbeatSeconds, resource }: Task,
  mock: Mock,
  called: Stimulus & { readonly kind: "taskSucceeded" },
  after: number,
): Reaction[] {
  const isSync = resource.kind === "integration" && resource.pattern !== "waitForTaskToken";
  if (isSync && mock.callback === undefined) return [{ afterMs: after * 1_000, stimulus: called }];
  if (!mock.callback) return [];
  const { success, failure } = mock.callback;
  const stimulus: Stimulus = failure ? { kind: "taskFailed", wait, ...failure } : succeeded(wait, success ?? null);
  return [...heartbeats(wait, heartbeatSeconds, 0), { afterMs: after * 1_000, stimulus }];
}
