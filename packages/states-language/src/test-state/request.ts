/** The TestState call: its parameters, and the calls that AWS refuses. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { DefinitionError } from "../errors.ts";
import { isObject } from "../frame.ts";
import { parseResource } from "../resource.ts";
import type { Language } from "../validation/report.ts";
import { validateDefinition } from "../validation/validate.ts";
import { mockProblem } from "./mock-shapes.ts";

/**
 * The parameters of a TestState call, its JSON parsed.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 */
export interface TestStateRequest {
  /** One state, or a whole machine with `stateName`. */
  readonly definition: JsonValue;
  readonly stateName?: string;
  readonly input?: JsonValue;
  readonly inspectionLevel?: "INFO" | "DEBUG" | "TRACE";
  readonly context?: JsonObject;
  readonly variables?: JsonObject;
  readonly mock?: {
    /** JSON text. */
    readonly result?: string;
    readonly errorOutput?: { readonly error?: string; readonly cause?: string };
    readonly fieldValidationMode?: "STRICT" | "PRESENT" | "NONE";
  };
  readonly stateConfiguration?: {
    readonly retrierRetryCount?: number;
    readonly errorCausedByState?: string;
    readonly mapIterationFailureCount?: number;
    readonly mapItemReaderData?: string;
  };
  readonly roleArn?: string;
}

/** A refused call; `code` is AWS's: `ValidationException`, `InvalidDefinition`, `ParamValidationError`. */
export class TestStateError extends Error {
  override readonly name: string;
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}

/** The state under test, its query language and that of its machine. */
export interface Subject {
  readonly state: JsonObject;
  readonly language: Language;
  readonly machineLanguage: Language;
}

const invalid = (message: string): TestStateError => new TestStateError("ValidationException", message);

/** Returns the state under test. @throws {TestStateError} if AWS would refuse the call */
export function checkRequest(request: TestStateRequest): Subject {
  const { stateName } = request;
  if (stateName === "") {
    const why = "Invalid length for parameter stateName, value: 0, valid min length: 1";
    throw new TestStateError("ParamValidationError", `Parameter validation failed:\n${why}`);
  }
  if (stateName !== undefined && isObject(request.definition) && isObject(request.definition.States)) checkErrors(request.definition);
  const subject = subjectOf(request);
  checkDefinition(subject);
  checkMock(subject.state, request.mock);
  if (request.context && !request.mock) throw invalid("A Context object can only be given when a mock is specified");
  checkContext(subject.state, request.context);
  return subject;
}

/** Returns the state under test without checking the call. @throws {TestStateError} if the definition has no such state */
export function subjectOf({ definition, stateName }: TestStateRequest): Subject {
  if (!isObject(definition)) throw new TestStateError("InvalidDefinition", new DefinitionError(validateDefinition(definition)).message);
  const isMachine = isObject(definition.States);
  const machineLanguage: Language = isMachine && definition.QueryLanguage === "JSONata" ? "JSONata" : "JSONPath";
  const wanted = stateName ?? (typeof definition.StartAt === "string" ? definition.StartAt : "");
  const state = isMachine ? findState(definition, wanted) : stateName === undefined ? definition : undefined;
  if (!state) throw invalid("State not found in definition");
  const own = state.QueryLanguage;
  return { state, machineLanguage, language: own === undefined ? machineLanguage : own === "JSONPath" ? "JSONPath" : "JSONata" };
}

/** Returns the state of that name in a machine, branch or processor, at any depth. */
function findState(program: JsonObject, name: string): JsonObject | undefined {
  if (!isObject(program.States)) return undefined;
  const own = Object.hasOwn(program.States, name) ? program.States[name] : undefined;
  if (isObject(own)) return own;
  for (const state of Object.values(program.States)) {
    for (const inner of isObject(state) ? programsOf(state) : []) {
      const found = findState(inner, name);
      if (found) return found;
    }
  }
  return undefined;
}

function programsOf(state: JsonObject): JsonObject[] {
  const branches = Array.isArray(state.Branches) ? (state.Branches as readonly JsonValue[]) : [];
  return [state.ItemProcessor, state.Iterator, ...branches].filter((each): each is JsonObject => isObject(each));
}

/** Checks the state alone, in a machine of one state: that its `Next` leads nowhere is not an error here. */
function checkDefinition({ state, machineLanguage }: Subject): void {
  const machine = { StartAt: "StateName", QueryLanguage: machineLanguage, States: { StateName: state } };
  const outside = new Set(["MISSING_TRANSITION_TARGET", "MISSING_END_STATE"]);
  checkErrors(machine, (code) => !outside.has(code));
}

/** @throws {TestStateError} `InvalidDefinition` with those errors for whose code `counts` is true */
function checkErrors(definition: JsonValue, counts: (code: string) => boolean = () => true): void {
  const errors = validateDefinition(definition).filter(({ severity, code }) => severity === "ERROR" && counts(code));
  if (errors.length > 0) throw new TestStateError("InvalidDefinition", new DefinitionError(errors).message);
}

const needsMock = "Activity tasks and the service integration patterns '.sync' and '.waitForTaskToken' need a mock.";

function checkMock(state: JsonObject, mock: TestStateRequest["mock"]): void {
  const type = String(state.Type);
  const isContainer = type === "Map" || type === "Parallel";
  if (!mock) {
    if (!isContainer) {
      if (type === "Task" && comesLater(String(state.Resource))) throw invalid(needsMock);
      return;
    }
    const supported = "[Task, Wait, Pass, Succeed, Fail, Choice]";
    throw new TestStateError(
      "InvalidDefinition",
      `TestState API does not support Map or Parallel states. Supported state types include: ${supported}`,
    );
  }
  if (!isContainer && type !== "Task") throw invalid(`State type '${type}' is not supported when a mock is specified`);
  if ((mock.result === undefined) === (mock.errorOutput === undefined)) {
    throw invalid("A test mock should have only one of the following fields: [result, errorOutput].");
  }
  if (mock.errorOutput !== undefined && mock.errorOutput.error === undefined) {
    throw invalid("A mocked errorOutput must have an error.");
  }
  if (mock.result !== undefined) checkMockResult(state, type, mock.result, mock.fieldValidationMode ?? "STRICT");
}

/** Returns true if the result is not in the response of the call but follows later: activities, `.sync` and `.waitForTaskToken`. */
function comesLater(resource: string): boolean {
  const parsed = parseResource(resource);
  return parsed?.kind === "activity" || (parsed?.kind === "integration" && parsed.pattern !== "requestResponse");
}

function checkMockResult(
  state: JsonObject,
  type: string,
  text: string,
  mode: NonNullable<NonNullable<TestStateRequest["mock"]>["fieldValidationMode"]>,
): void {
  const result = parseMock(text);
  const isArray = Array.isArray(result);
  if (type === "Map" && state.ResultWriter !== undefined) {
    if (!isObject(result)) throw invalid("Mocked result must be a JSON object.");
  } else if ((type === "Map" || type === "Parallel") && !isArray) throw invalid("Mocked result must be an array.");
  else if (type === "Parallel" && isArray && result.length !== (state.Branches as readonly JsonValue[]).length) {
    throw invalid("Mocked result must contain the same number of items as number of Parallel branches.");
  }
  const problem = type === "Task" && mode !== "NONE" ? mockProblem(String(state.Resource), result, mode) : undefined;
  if (problem !== undefined) throw invalid(`Mock result schema validation error: ${problem}`);
}

/** Parses the JSON text of a mock. @throws {TestStateError} `ValidationException` if it is not JSON */
export function parseMock(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw invalid("Mocked result must be valid JSON.");
  }
}

function checkContext(state: JsonObject, context: JsonObject | undefined): void {
  if (!context) return;
  const resource = state.Type === "Task" ? parseResource(String(state.Resource)) : undefined;
  const waits = resource?.kind === "integration" && resource.pattern !== "requestResponse";
  if (context.Task !== undefined && !waits) {
    const when = "when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern";
    throw invalid(`Invalid Context object provided: Context object contains 'Task' ${when}`);
  }
  if (context.Map !== undefined && state.Type !== "Map") {
    throw invalid("Invalid Context object provided: Context object contains 'Map' when state is not a Map state");
  }
}
