/** Reading the members of a request, with DynamoDB's words for what does not fit. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { isObject } from "./attribute-value.ts";
import { invalid, TablesError } from "./errors.ts";

function wrongType(name: string): TablesError {
  return new TablesError("SerializationException", `Unexpected value type in payload for ${name}`);
}

/** A text member, or undefined. */
export function optionalText(request: JsonObject, name: string): string | undefined {
  const value = request[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw wrongType(name);
  return value;
}

/** A whole number member, or undefined. */
export function optionalInteger(request: JsonObject, name: string): number | undefined {
  const value = request[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(name);
  return value;
}

/** A boolean member, or `fallback`. */
export function flag(request: JsonObject, name: string, fallback = false): boolean {
  const value = request[name];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== "boolean") throw wrongType(name);
  return value;
}

/** A text member that has to be one of a set; the first where it is absent. */
export function choice<Choice extends string>(request: JsonObject, name: string, allowed: readonly Choice[]): Choice {
  const value = optionalText(request, name);
  if (value === undefined) return allowed[0] as Choice;
  if (!allowed.includes(value as Choice)) {
    throw constraint(value, name, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
  }
  return value as Choice;
}

/** A list member; `[]` where it is absent. */
export function list(request: JsonObject, name: string): readonly JsonValue[] {
  const value = request[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongType(name);
  return value;
}

/** A structure that has to be there. */
export function structure(value: JsonValue | undefined, name: string): JsonObject {
  if (value === undefined || value === null) throw constraint(null, name, "Member must not be null");
  if (!isObject(value)) throw wrongType(name);
  return value as JsonObject;
}

/** The table's name out of `TableName`, which may be its ARN. */
export function tableNameOf(request: JsonObject): string {
  const name = optionalText(request, "TableName");
  if (name === undefined) throw invalid("The parameter 'TableName' is required but was not present in the request");
  const plain = name.startsWith("arn:") ? name.slice(name.indexOf(":table/") + 7) : name;
  if (!/^[a-zA-Z0-9_.-]+$/.test(plain)) {
    throw constraint(plain, "tableName", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  }
  if (plain.length < 3 || plain.length > 255) {
    throw invalid("TableName must be at least 3 characters long and at most 255 characters long");
  }
  return plain;
}

/** AWS's message for a member outside its constraint. */
export function constraint(value: string | number | null, name: string, rule: string): TablesError {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  const shown = value === null ? "null" : `'${value}'`;
  return invalid(`1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: ${rule}`);
}

/** Parameters of the old, expression-less API. */
const legacyParameters = [
  "AttributesToGet",
  "AttributeUpdates",
  "ConditionalOperator",
  "Expected",
  "KeyConditions",
  "QueryFilter",
  "ScanFilter",
];

/** @throws {TablesError} `ValidationException` where the request uses the API from before expressions */
export function refuseLegacyParameters(request: JsonObject): void {
  const found = legacyParameters.find((name) => request[name] !== undefined);
  if (found !== undefined) throw invalid(`The legacy parameter ${found} is not supported here; use the expression parameters instead`);
}
