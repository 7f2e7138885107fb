/** Checks the fields of one state: each is known and of the right query language, none is missing, none excludes another. */
import type { JsonObject } from "@serverlesspresso/ports";
import { allowedFields, exclusiveFields, fieldChecks, languageOfField, neededFields, requiredFields, type StateType } from "./fields.ts";
import { type Language, type Report, schema } from "./report.ts";
import type { Check } from "./values.ts";

const endless: ReadonlySet<StateType> = new Set(["Choice", "Succeed", "Fail"]);

/** Returns true for one of the eight types of states. */
export function isStateType(type: unknown): type is StateType {
  return typeof type === "string" && Object.hasOwn(allowedFields, type);
}

/** Reports problems in the fields of one state. */
export function checkState(report: Report, state: JsonObject, type: StateType, location: string, language: Language): void {
  const allowed = allowedFields[type];
  const checks = Object.fromEntries(Object.entries(fieldChecks).filter(([name]) => allowed.has(name)));
  checkRequired(report, state, type, location);
  checkFields(report, state, location, language, checks);
  checkExclusive(report, state, location);
  checkHeartbeat(report, state, location);
}

function checkRequired(report: Report, state: JsonObject, type: StateType, location: string): void {
  const missing = (requiredFields[type] ?? []).filter((name) => state[name] === undefined);
  if (missing.length > 0) schema(report, `These fields are required: [${missing.join(", ")}]`, location);
  const needed = neededFields[type];
  if (needed && !needed.some((name) => state[name] !== undefined)) schema(report, oneNeeded(needed), location);
  if (!endless.has(type) && state.Next === undefined && state.End !== true) schema(report, oneNeeded(["Next", "End"]), location);
}

function oneNeeded(names: readonly string[]): string {
  return `There should be one of the following fields: [${names.join(", ")}]`;
}

/** Runs the check of each field. Reports unknown fields and fields of the other query language at the object that holds them. */
export function checkFields(
  report: Report,
  part: JsonObject,
  location: string,
  language: Language,
  checks: Readonly<Record<string, Check>>,
): void {
  for (const [name, value] of Object.entries(part)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    const own = languageOfField[name];
    if (!check) schema(report, `Field '${name}' is not supported`, location);
    else if (own !== undefined && own !== language) schema(report, otherLanguage(language, name, own), location);
    else check(report, value, { location: `${location}/${name}`, language });
  }
}

function otherLanguage(language: Language, name: string, own: Language): string {
  return `The QueryLanguage is set to '${language}', but field '${name}' is only supported for the '${own}' QueryLanguage`;
}

/** Reports fields that exclude each other, such as `Seconds` and `Timestamp`. */
export function checkExclusive(report: Report, part: JsonObject, location: string): void {
  for (const group of exclusiveFields) {
    const present = group.filter((name) => part[name] !== undefined && !(name === "End" && part.End === false));
    if (present.length > 1) schema(report, `There should only be one of the following fields: [${group.join(", ")}]`, location);
  }
}

function checkHeartbeat(report: Report, { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat }: JsonObject, location: string): void {
  if (typeof timeout === "number" && typeof heartbeat === "number" && heartbeat >= timeout) {
    schema(report, "HeartbeatSeconds must be less than TimeoutSeconds", location);
  }
}
