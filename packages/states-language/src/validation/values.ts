/** Checks of single values, in AWS's words. */
import type { JsonValue } from "@serverlesspresso/ports";
import { isObject } from "../frame.ts";
import { parseResource } from "../resource.ts";
import { queryText } from "../templates.ts";
import { parseTimestamp } from "../timestamps.ts";
import { checkPathTemplate, checkQueryTemplate, isPath, isPathOrIntrinsic, isReferencePath } from "./payloads.ts";
import { type Language, type Report, schema } from "./report.ts";

/** What a check is told of the field it looks at. */
interface Place {
  readonly location: string;
  readonly language: Language;
  readonly inCatch?: boolean;
}
export type Check = (report: Report, value: JsonValue, place: Place) => void;

const anything: Check = () => {};

export const text: Check = (report, value, { location }) => {
  if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
};

export const truth: Check = (report, value, { location }) => {
  if (typeof value !== "boolean") schema(report, "Expected value of type [BOOLEAN]", location);
};

export const object: Check = (report, value, { location }) => {
  if (!isObject(value)) schema(report, "Expected value of type [OBJECT]", location);
};

export const list: Check = (report, value, { location }) => {
  if (!Array.isArray(value)) schema(report, "Expected value of type [ARRAY]", location);
};

export const oneOf =
  (...allowed: readonly string[]): Check =>
  (report, value, { location }) => {
    if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
    else if (!allowed.includes(value)) schema(report, `Value should be one of the following: [${allowed.join(", ")}]`, location);
  };

interface Range {
  readonly from?: number;
  readonly to?: number;
  /** Shown as `0.0`, and fractions allowed. */
  readonly real?: boolean;
  /** In a JSONata state an expression may stand there. */
  readonly dynamic?: boolean;
}

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

export const path: Check = (report, value, { location }) => {
  if (value === null) return;
  if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
  else if (!isPath(value)) schema(report, "Value is not a valid JSONPath", location);
};

export const pathOrIntrinsic: Check = (report, value, { location }) => {
  if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
  else if (!isPathOrIntrinsic(value)) schema(report, "Value is not a valid JSONPath or intrinsic function call", location);
};

/** A path to one value: of the state's data, or a variable. */
export const pointer: Check = (report, value, { location }) => {
  const isVariable = typeof value === "string" && /^\$[^.$[]/.test(value) && isPath(value);
  if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
  else if (!isReferencePath(value) && !isVariable) schema(report, "Value is not a Reference Path", location);
};

export const resultPath: Check = (report, value, { location }) => {
  if (value === null) return;
  if (typeof value !== "string" || !isReferencePath(value)) schema(report, "Value is not a Reference Path", location);
};

export const template: Check = (report, value, { location, language, inCatch = false }) => {
  if (language === "JSONata") checkQueryTemplate(report, value, location, inCatch);
  else checkPathTemplate(report, value, location);
};

export const resource: Check = (report, value, { location }) => {
  if (typeof value !== "string") schema(report, "Expected value of type [STRING]", location);
  else if (!parseResource(value)) {
    const why = "The value is not a valid resource ARN, or the resource is not available in this region.";
    schema(report, `The resource provided ${value} is not recognized. ${why}`, location);
  }
};

export const timestamp: Check = (report, value, place) => {
  if (place.language === "JSONata" && typeof value === "string" && queryText(value) !== undefined) return template(report, value, place);
  if (typeof value !== "string" || parseTimestamp(value) === undefined)
    schema(report, "String does not match RFC3339 timestamp", place.location);
};

/** Text, or in a JSONata state an expression. */
export const dynamicText: Check = (report, value, place) => {
  text(report, value, place);
  if (place.language === "JSONata") template(report, value, place);
};

export const credentials: Check = (report, value, place) => {
  const { location } = place;
  if (place.language === "JSONata" && typeof value === "string") return template(report, value, place);
  if (!isObject(value)) return schema(report, "Expected value of type [OBJECT]", location);
  if (value.RoleArn === undefined && value["RoleArn.$"] === undefined)
    schema(report, "The field 'RoleArn' is required but was missing", location);
  template(report, value, place);
};

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
