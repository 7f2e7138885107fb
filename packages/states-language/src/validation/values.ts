/** Checks of single values, in AWS's words. */
import type { JsonValue } from "@serverlesspresso/ports";
import { isObject } from "../frame.ts";
import { parseResource } from "../resource.ts";
import { queryText } from "../templates.ts";
import { parseTimestamp } from "../timestamps.ts";
import { checkPathTemplate, checkQueryTemplate, isPath, isPathOrIntrinsic, isReferencePath } from "./payloads.ts";
import { type Language, type Report, schema } from "./report.ts";

/** Where the field stands, and the query language of its state. */
interface Place {
  readonly location: string;
  readonly language: Language;
  readonly inCatch?: boolean;
}
/** Reports a problem of the value of one field. */
export type Check = (report: Report, value: JsonValue, place: Place) => void;

const anything: Check = () => {};

/** Accepts a string. */
export const text: Check = (report, value, { location }) => {
  if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
};

/** Accepts a boolean. */
export const truth: Check = (report, value, { location }) => {
  if (typeof value !== "boolean") schema(report, "Expected value of type [BOOLEAN]", location);
};

/** Accepts an object. */
export const object: Check = (report, value, { location }) => {
  if (!isObject(value)) schema(report, "Expected value of type [OBJECT]", location);
};

/** Accepts an array. */
export const list: Check = (report, value, { location }) => {
  if (!Array.isArray(value)) schema(report, "Expected value of type [ARRAY]", location);
};

/** Accepts one of the given strings. */
export const oneOf =
  (...allowed: readonly string[]): Check =>
  (report, value, { location }) => {
    if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
    else if (!allowed.includes(value)) schema(report, `Value should be one of the following: [${allowed.join(", ")}]`, location);
  };

interface Range {
  readonly from?: number;
  readonly to?: number;
  /** Fractions are allowed, and messages show limits as `0.0`. */
  readonly real?: boolean;
  /** A JSONata state may have an expression here. */
  readonly dynamic?: boolean;
}

/** Accepts a number within a range, an integer unless `real`. */
export const number =
  ({ from, to, real = false, dynamic = false }: Range): Check =>
  (report, value, place) => {
    const { location, language } = place;
    if (dynamic && language === "JSONata" && typeof value === "string" && queryText(value) !== undefined)
      return template(report, value, place);
    const shown = (limit: number): string => (real ? limit.toFixed(1) : String(limit));
    if (typeof value !== "number" || (!real && !Number.isInteger(value)))
      schema(report, `Expected value of type [${real ? "NUMBER" : "INTEGER"}]`, location);
    else if (from !== undefined && value < from) schema(report, `Minimum value is ${shown(from)}`, location);
    else if (to !== undefined && value > to) schema(report, `Maximum value is ${shown(to)}`, location);
  };

/** Accepts a JSONPath, or null. */
export const path: Check = (report, value, { location }) => {
  if (value === null) return;
  if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
  else if (!isPath(value)) schema(report, "Value is not a valid JSONPath", location);
};

/** Accepts a JSONPath or a call of an intrinsic function. */
export const pathOrIntrinsic: Check = (report, value, { location }) => {
  if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
  else if (!isPathOrIntrinsic(value)) schema(report, "Value is not a valid JSONPath or intrinsic function call", location);
};

/** Accepts a reference path into the state's data, or a path into a variable. */
export const pointer: Check = (report, value, { location }) => {
  const isVariable = typeof value === "string" && /^\$[^.$[]/.test(value) && isPath(value);
  if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
  else if (!isReferencePath(value) && !isVariable) schema(report, "Value is not a Reference Path", location);
};

/** Accepts a reference path, or null. */
export const resultPath: Check = (report, value, { location }) => {
  if (value === null) return;
  if (typeof value !== "string" || !isReferencePath(value)) schema(report, "Value is not a Reference Path", location);
};

/** Accepts a payload template of the query language of the state. */
export const template: Check = (report, value, { location, language, inCatch = false }) => {
  if (language === "JSONata") checkQueryTemplate(report, value, location, inCatch);
  else checkPathTemplate(report, value, location);
};

/** Accepts the ARN of a Lambda function, an activity or a service integration. */
export const resource: Check = (report, value, { location }) => {
  if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
  else if (!parseResource(value)) {
    const why = "The value is not a valid resource ARN, or the resource is not available in this region.";
    schema(report, `The resource provided ${value} is not recognized. ${why}`, location);
  }
};

/** Accepts an RFC 3339 timestamp; in a JSONata state also an expression. */
export const timestamp: Check = (report, value, place) => {
  if (place.language === "JSONata" && typeof value === "string" && queryText(value) !== undefined) return template(report, value, place);
  if (typeof value !== "string" || parseTimestamp(value) === undefined)
    schema(report, "String does not match RFC3339 timestamp", place.location);
};

/** Accepts a string; in a JSONata state also an expression. */
export const dynamicText: Check = (report, value, place) => {
  text(report, value, place);
  if (place.language === "JSONata") template(report, value, place);
};

/** Accepts an object with a `RoleArn`; in a JSONata state also an expression. */
export const credentials: Check = (report, value, place) => {
  const { location } = place;
  if (place.language === "JSONata" && typeof value === "string") return template(report, value, place);
  if (!isObject(value)) return schema(report, "Expected value of type [OBJECT]", location);
  if (value.RoleArn === undefined && value["RoleArn.$"] === undefined)
    schema(report, "The field 'RoleArn' is required but was missing", location);
  template(report, value, place);
};

/** Accepts an object whose members are valid names of variables, at most 80 characters long. */
export const assign: Check = (report, value, place) => {
  const { location } = place;
  if (!isObject(value)) return schema(report, "Expected value of type [OBJECT]", location);
  for (const key of Object.keys(value)) {
    const name = key.endsWith(".$") ? key.slice(0, -2) : key;
    if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name) || name.length > 80 || name === "states") {
      schema(report, `The variable name '${name}' is not valid`, location);
    }
  }
  template(report, value, place);
};

export { anything };
