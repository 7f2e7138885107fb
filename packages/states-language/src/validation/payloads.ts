/** Checks payload templates: paths and intrinsic functions under `.$`, JSONata between `{%` and `%}`. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { isObject } from "../frame.ts";
import { compileIntrinsic } from "../intrinsic-parser.ts";
import { compilePath, type JsonPath } from "../json-path.ts";
import { pathFunctionNames } from "../json-path-functions.ts";
import { isIntrinsic } from "../paths.ts";
import { parseReferencePath } from "../reference-path.ts";
import { queryText } from "../templates.ts";
import { checkQuery } from "./queries.ts";
import { add, type Report, schema } from "./report.ts";

/** Returns true if the text parses as a path and its functions are known. */
export function isPath(text: string): boolean {
  const path = attempt(() => compilePath(text));
  return path !== undefined && hasKnownFunctions(path);
}

function hasKnownFunctions({ path }: JsonPath): boolean {
  return path.root !== "@" && path.segments.every((segment) => segment.kind !== "function" || pathFunctionNames.has(segment.name));
}

/** Returns true for a reference path into the state's own data. */
export function isReferencePath(text: string): boolean {
  const path = attempt(() => compilePath(text));
  return path?.path.root === "$" && attempt(() => parseReferencePath(text)) !== undefined;
}

/** Returns true if the text parses as a path or as a call of an intrinsic function. */
export function isPathOrIntrinsic(text: string): boolean {
  return isIntrinsic(text) ? attempt(() => compileIntrinsic(text)) !== undefined : isPath(text);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Checks a JSONPath template. Findings are placed at the field that holds the template. */
export function checkPathTemplate(report: Report, template: JsonValue, location: string): void {
  if (Array.isArray(template)) for (const each of template as readonly JsonValue[]) checkPathTemplate(report, each, location);
  if (isObject(template)) checkMembers(report, template, location);
}

function checkMembers(report: Report, template: JsonObject, location: string): void {
  for (const [name, value] of Object.entries(template)) {
    if (name.endsWith(".$")) checkDynamic(report, template, name, value, location);
    else {
      if (typeof value === "string" && looksDynamic(value)) {
        add(report, "NO_DOLLAR", `No .$ on a field that appears to be a JSONPath or Intrinsic Function: '${name}'`, location, "WARNING");
      }
      checkPathTemplate(report, value, location);
    }
  }
}

/** A state is compiled in one turn of the loop, when it is first entered: a megabyte of paths would take 200 ms. */
const mostPathCharacters = 131_072;

function checkDynamic(report: Report, template: JsonObject, name: string, value: JsonValue, location: string): void {
  const before = report.pathCharacters;
  if (typeof value === "string") report.pathCharacters += value.length;
  if (before <= mostPathCharacters && report.pathCharacters > mostPathCharacters) {
    schema(report, `The paths and intrinsic functions of one state must not have more than ${mostPathCharacters} characters`, location);
  }
  if (typeof value !== "string" || !isPathOrIntrinsic(value)) {
    schema(report, `The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call`, location);
  }
  if (Object.hasOwn(template, name.slice(0, -2))) schema(report, `The field '${name.slice(0, -2)}' is defined more than once`, location);
}

function looksDynamic(text: string): boolean {
  return /^(\$\$?\.|\$\$?\[|States\.\w+\()/.test(text) && isPathOrIntrinsic(text);
}

/** Checks a JSONata template: every string between `{%` and `%}` must be an expression that AWS accepts. */
export function checkQueryTemplate(report: Report, template: JsonValue, location: string, inCatch = false): void {
  if (typeof template === "string") checkQueryText(report, template, location, inCatch);
  else if (Array.isArray(template)) {
    for (const [i, each] of (template as readonly JsonValue[]).entries()) checkQueryTemplate(report, each, `${location}[${i}]`, inCatch);
  } else if (isObject(template)) {
    for (const [name, value] of Object.entries(template)) checkQueryTemplate(report, value, `${location}/${name}`, inCatch);
  }
}

function checkQueryText(report: Report, text: string, location: string, inCatch: boolean): void {
  const expression = queryText(text);
  if (expression !== undefined) {
    for (const { code, message } of checkQuery(expression, inCatch)) add(report, code, message, location);
  } else if (text.startsWith("{%") || text.endsWith("%}")) {
    add(report, "INVALID_JSONATA_EXPRESSION", "A JSONata expression must start with '{%' and end with '%}'", location);
  }
}
