/**
 * Functions in the process, invoked as Lambda invokes them.
 *
 * F1. Whatever a handler does, an invocation ends: in an answer, an error, or `Sandbox.Timedout`.
 * F2. Events and answers are JSON of at most 6 MB; a handler gets a copy of its own.
 * F3. Every invocation writes START, its own lines, END and REPORT to `/aws/lambda/NAME`.
 */
import type { Clock, FunctionHandler, Ids, JsonObject, JsonValue } from "@serverlesspresso/ports";
import { FunctionError } from "./errors.ts";
import { jsonCopy } from "./json-copy.ts";

/** How an invocation ended. A failed one carries what Lambda would answer. */
export type InvocationResult =
  | { readonly payload: JsonValue }
  | { readonly functionError: "Unhandled"; readonly payload: { readonly errorType: string; readonly errorMessage: string } };

/** What functions need. */
export interface FunctionsOptions {
  /** Measures timeouts and durations: real work, so real time, whatever the rate of the shop's. */
  readonly clock: Clock;
  readonly ids: Pick<Ids, "uuid">;
  /** Writes one line to a log group. */
  readonly log: (logGroup: string, line: string) => void;
  readonly account?: string;
  readonly region?: string;
}
/** How a function runs; defaults are Lambda's. */
export interface FunctionSettings {
  /** Default 3, as on Lambda. */
  readonly timeoutSeconds?: number;
  readonly description?: string;
}

/** Functions by name, invoked as on Lambda. */
export interface Functions {
  /** Registers a function, or puts another in its place. */
  register(name: string, handler: FunctionHandler, settings?: FunctionSettings): void;
  /** Invokes by name or ARN; `onLine` receives each line of its log. @throws {FunctionError} `ResourceNotFoundException`, `RequestTooLargeException` */
  invoke(nameOrArn: string, payload: JsonValue, onLine?: (line: string) => void): Promise<InvocationResult>;
  /** Returns what Lambda's GetFunctionConfiguration answers of a name or ARN. @throws {FunctionError} `ResourceNotFoundException` */
  configuration(nameOrArn: string): JsonObject;
  /** What Lambda's ListFunctions answers. */
  list(): readonly JsonObject[];
}

interface Registered {
  readonly handler: FunctionHandler;
  readonly settings: FunctionSettings;
}

const mostBytes = 6_291_456;
const defaultTimeoutSeconds = 3;

/** Returns a registry without functions. */
export function createFunctions({ clock, ids, log, account = "123456789012", region = "us-east-1" }: FunctionsOptions): Functions {
  const registered = new Map<string, Registered>();

  async function invoke(nameOrArn: string, payload: JsonValue, onLine?: (line: string) => void): Promise<InvocationResult> {
    // Workflows' calls name the version that is there.
    const { name, found } = find(nameOrArn, ":$LATEST");
    return run(name, found, copyOf(payload), onLine);
  }

  function find(nameOrArn: string, qualifier = ""): { name: string; found: Registered } {
    const name = functionNameOf(nameOrArn);
    const found = registered.get(name);
    if (found !== undefined) return { name, found };
    throw new FunctionError("ResourceNotFoundException", `Function not found: ${arnOf(name)}${qualifier}`);
  }

  function arnOf(name: string): string {
    return `arn:aws:lambda:${region}:${account}:function:${name}`;
  }

  async function run(
    name: string,
    { handler, settings }: Registered,
    event: JsonValue,
    onLine?: (line: string) => void,
  ): Promise<InvocationResult> {
    const requestId = ids.uuid();
    const write = (line: string): void => {
      log(`/aws/lambda/${name}`, line);
      onLine?.(line);
    };
    const startedMs = clock.nowMs();
    write(`START RequestId: ${requestId} Version: $LATEST`);
    const timeoutSeconds = settings.timeoutSeconds ?? defaultTimeoutSeconds;
    const context = { functionName: name, awsRequestId: requestId, log: (line: string | JsonValue) => write(textOf(line)) };
    const timeout = expire(clock, startedMs + timeoutSeconds * 1000, requestId, timeoutSeconds);
    let result: InvocationResult;
    try {
      // Inside a promise, so that a handler that throws at once fails like any other.
      const answer = await Promise.race([Promise.resolve().then(() => handler(event, context)), timeout.expired]);
      result = { payload: answerOf(answer) };
    } catch (error) {
      result = failureOf(error);
      write(`ERROR ${JSON.stringify(result.payload)}`);
    } finally {
      timeout.cancel();
    }
    const tookMs = clock.nowMs() - startedMs;
    write(`END RequestId: ${requestId}`);
    write(`REPORT RequestId: ${requestId}\tDuration: ${tookMs}.00 ms\tBilled Duration: ${tookMs} ms`);
    return result;
  }

  function configurationOf(FunctionName: string, { settings }: Registered): JsonObject {
    return {
      FunctionName,
      FunctionArn: arnOf(FunctionName),
      Runtime: "nodejs24.x",
      Timeout: settings.timeoutSeconds ?? defaultTimeoutSeconds,
      Description: settings.description ?? "",
      Version: "$LATEST",
      State: "Active",
      PackageType: "Zip",
    };
  }

  return {
    register: (name, handler, settings = {}) => void registered.set(name, { handler, settings }),
    invoke,
    configuration(nameOrArn) {
      const { name, found } = find(nameOrArn);
      return configurationOf(name, found);
    },
    list: () => [...registered].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, found]) => configurationOf(name, found)),
  };
}

/** `NAME` of `arn:aws:lambda:us-east-1:123456789012:function:NAME:VERSION`, or of itself. */
function functionNameOf(nameOrArn: string): string {
  if (!nameOrArn.startsWith("arn:")) return nameOrArn.split(":")[0] as string;
  return nameOrArn.split(":")[6] ?? nameOrArn;
}

function copyOf(payload: JsonValue): JsonValue {
  const copy = jsonCopy(payload, mostBytes);
  if (copy !== undefined) return copy;
  throw new FunctionError("RequestTooLargeException", `Request must be smaller than ${mostBytes} bytes for the InvokeFunction operation`);
}

function answerOf(answer: JsonValue | undefined): JsonValue {
  const copy = jsonCopy(answer, mostBytes);
  if (copy !== undefined) return copy;
  const message = `Response payload size exceeded maximum allowed payload size (${mostBytes} bytes).`;
  throw Object.assign(new Error(message), { name: "Function.ResponseSizeTooLarge" });
}

function expire(clock: Clock, atMs: number, requestId: string, seconds: number): { readonly expired: Promise<never>; cancel(): void } {
  let cancel = (): void => {};
  const expired = new Promise<never>((_, reject) => {
    const message = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
    cancel = clock.at(atMs, () => reject(Object.assign(new Error(message), { name: "Sandbox.Timedout" })));
  });
  return { expired, cancel: () => cancel() };
}

function failureOf(error: unknown): Extract<InvocationResult, { functionError: string }> {
  const { name, message } =
    error instanceof Error ? error : { name: "Error", message: typeof error === "string" ? error : JSON.stringify(error) };
  return { functionError: "Unhandled", payload: { errorType: name, errorMessage: message ?? "" } };
}

function textOf(line: string | JsonValue): string {
  return typeof line === "string" ? line : JSON.stringify(line);
}
