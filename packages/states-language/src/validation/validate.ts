/**
 * Finds what AWS reports about a definition before it accepts it.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { DefinitionError, type Diagnostic } from "../errors.ts";
import { isObject } from "../frame.ts";
import { longestSeconds } from "../timestamps.ts";
import { checkChoices } from "./choices.ts";
import { checkHandlers } from "./error-handlers.ts";
import { checkGraph } from "./graph.ts";
import { jsonProblem } from "./json-text.ts";
import { checkMap } from "./maps.ts";
import { add, createReport, type Language, type Report, schema } from "./report.ts";
import { checkState, isStateType } from "./states.ts";
import { anything, type Check, number, object, oneOf, text } from "./values.ts";

const machineFields: Readonly<Record<string, Check>> = {
  Comment: anything,
  StartAt: text,
  States: object,
  Version: text,
  TimeoutSeconds: number({ from: 1, to: longestSeconds }),
  QueryLanguage: oneOf("JSONPath", "JSONata"),
};
const branchFields: ReadonlySet<string> = new Set(["Comment", "StartAt", "States"]);
const processorFields: ReadonlySet<string> = new Set([...branchFields, "ProcessorConfig"]);
const longestName = 80;
const deepest = 100;

/** Returns all findings about a definition, errors and warnings, in the order of the definition. */
export function validateDefinition(definition: JsonValue): Diagnostic[] {
  const report = createReport();
  if (!isObject(definition)) schema(report, "Definition must be a valid JSON object");
  else checkMachine(report, definition);
  return report.diagnostics;
}

/** Returns all findings about the text of a definition, which may be invalid JSON. */
export function validateDefinitionText(definitionText: string): Diagnostic[] {
  if (definitionText.trim() === "") return validateDefinition(null);
  const problem = jsonProblem(definitionText);
  return problem ? [problem] : validateDefinition(JSON.parse(definitionText) as JsonValue);
}

/** Checks a definition. @throws {DefinitionError} with all errors, if there are any */
export function checkDefinition(definition: JsonValue): void {
  refuseErrors(validateDefinition(definition));
}

/** Refuses findings with an error, with the message of CreateStateMachine. @throws {DefinitionError} */
export function refuseErrors(found: readonly Diagnostic[]): void {
  const errors = found.filter(({ severity }) => severity === "ERROR");
  if (errors.length > 0) throw new DefinitionError(errors);
}

function checkMachine(report: Report, machine: JsonObject): void {
  const missing = ["States", "StartAt"].filter((name) => machine[name] === undefined);
  if (missing.length > 0) schema(report, `These fields are required: [${missing.join(", ")}]`, "/");
  for (const [name, value] of Object.entries(machine)) {
    const check = Object.hasOwn(machineFields, name) ? machineFields[name] : undefined;
    if (check) check(report, value, { location: `/${name}`, language: "JSONPath" });
    else schema(report, `Field '${name}' is not supported`, "/");
  }
  if (!isObject(machine.States)) return;
  checkStates(report, machine.States, "", languageOf(machine, "JSONPath"), 0);
  checkGraph(report, machine, "", true);
}

/** JSONPath only where the field says exactly that; anything else that is there is JSONata. */
function languageOf(part: JsonObject, around: Language): Language {
  return part.QueryLanguage === undefined ? around : part.QueryLanguage === "JSONPath" ? "JSONPath" : "JSONata";
}

function checkStates(report: Report, states: JsonObject, location: string, machine: Language, depth: number): void {
  if (depth > deepest) {
    add(report, "TOO_DEEPLY_NESTED", "The states are too deeply nested.", location);
    return;
  }
  if (Object.keys(states).length === 0) schema(report, "Object must contain at least 1 member", `${location}/States`);
  for (const [name, state] of Object.entries(states)) {
    const at = `${location}/States/${name}`;
    checkName(report, name, at);
    if (!isObject(state)) schema(report, "Expected value of type [OBJECT]", at);
    else checkOne(report, state, at, machine, depth);
  }
}

function checkName(report: Report, name: string, location: string): void {
  if (name.length === 0 || name.length > longestName) add(report, "INVALID_STATE_NAME", `Invalid State name: ${name}`, location);
  if (report.names.has(name)) add(report, "DUPLICATE_STATE_NAME", `Duplicate State name: ${name}`, location);
  report.names.add(name);
}

function checkOne(report: Report, state: JsonObject, location: string, machine: Language, depth: number): void {
  const { Type: type } = state;
  if (type === undefined) {
    schema(report, "These fields are required: [Type]", location);
    return;
  }
  if (!isStateType(type)) {
    const types = "Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map";
    schema(report, `Value should be one of the following: [${types}]`, `${location}/Type`);
    return;
  }
  if (machine === "JSONata" && state.QueryLanguage === "JSONPath") {
    schema(report, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", location);
    return;
  }
  const language = languageOf(state, machine);
  report.pathCharacters = 0;
  checkState(report, state, type, location, language);
  checkHandlers(report, state, location, language);
  if (type === "Choice") checkChoices(report, state, location, language);
  if (type === "Map") checkMap(report, state, location, language);
  if (type === "Pass" && language === "JSONPath") checkResult(report, state, location);
  checkInner(report, state, location, machine, depth);
}

function checkResult(report: Report, { Result: result }: JsonObject, location: string): void {
  if (typeof result === "string" && result.startsWith("$.")) {
    add(report, "PASS_RESULT_IS_STATIC", "Attempt to use a path in the result of a pass state.", `${location}/Result`, "WARNING");
  }
}

function checkInner(report: Report, state: JsonObject, location: string, machine: Language, depth: number): void {
  const inner = (value: JsonValue | undefined, at: string, fields: ReadonlySet<string>): void => {
    if (isObject(value)) checkProgram(report, value, at, machine, depth + 1, fields);
  };
  if (state.Type === "Map") {
    inner(state.ItemProcessor, `${location}/ItemProcessor`, processorFields);
    inner(state.Iterator, `${location}/Iterator`, branchFields);
  }
  if (state.Type !== "Parallel" || !Array.isArray(state.Branches)) return;
  for (const [i, branch] of (state.Branches as readonly JsonValue[]).entries()) inner(branch, `${location}/Branches[${i}]`, branchFields);
}

function checkProgram(
  report: Report,
  program: JsonObject,
  location: string,
  machine: Language,
  depth: number,
  fields: ReadonlySet<string>,
): void {
  const missing = ["States", "StartAt"].filter((name) => program[name] === undefined);
  if (missing.length > 0) schema(report, `These fields are required: [${missing.join(", ")}]`, location);
  for (const name of Object.keys(program)) if (!fields.has(name)) schema(report, `Field '${name}' is not supported`, location);
  if (!isObject(program.States)) return;
  checkStates(report, program.States, location, machine, depth);
  checkGraph(report, program, location, false);
}
