/**
 * What `#names` and `:values` of one request stand for.
 *
 * P1. Every placeholder an expression uses is defined, and every one defined is used.
 */
import { type AttributeMap, type AttributeValue, attributeOf, isObject, normaliseValue } from "../attribute-value.ts";
import { invalid, TablesError } from "../errors.ts";
import type { Parsed, Path } from "./syntax.ts";

/** The `ExpressionAttributeNames` and `ExpressionAttributeValues` of a request. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: AttributeMap;
}
/** A path with its `#placeholders` replaced. */
export type ResolvedPath = readonly (string | number)[];

const none: Placeholders = { names: {}, values: {} };

/** The expressions of one request by parameter name; those not given are undefined. */
export type RequestExpressions = Readonly<Record<string, Parsed<unknown> | undefined>>;

/**
 * Reads and checks `ExpressionAttributeNames` and `ExpressionAttributeValues` (P1).
 * @throws {TablesError} `ValidationException`
 */
export function readPlaceholders(names: unknown, values: unknown, expressions: RequestExpressions): Placeholders {
  const parsed = Object.entries(expressions).filter((entry): entry is [string, Parsed<unknown>] => entry[1] !== undefined);
  if (names === undefined && values === undefined && parsed.every(([, { names, values }]) => names.length + values.length === 0))
    return none;
  const placeholders = { names: readNames(names, parsed.length), values: readValues(values, expressions) };
  for (const [kind, expression] of parsed) checkDefined(kind, expression, placeholders);
  checkUsed(
    "Names",
    Object.keys(placeholders.names),
    parsed.flatMap(([, { names }]) => names),
  );
  checkUsed(
    "Values",
    Object.keys(placeholders.values),
    parsed.flatMap(([, { values }]) => values),
  );
  return placeholders;
}

function readNames(names: unknown, expressionCount: number): Readonly<Record<string, string>> {
  if (names === undefined) return none.names;
  if (!isObject(names)) throw new TablesError("SerializationException", "Start of structure or map found where not expected.");
  if (expressionCount === 0) throw invalid("ExpressionAttributeNames can only be specified when using expressions");
  const keys = Object.keys(names);
  if (keys.length === 0) throw invalid("ExpressionAttributeNames must not be empty");
  for (const key of keys) {
    if (!/^#[A-Za-z0-9_]+$/.test(key)) throw invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
    if (typeof names[key] !== "string") throw new TablesError("SerializationException", "Unexpected value type in payload");
    if (names[key] === "") throw invalid(`ExpressionAttributeNames contains invalid value: Empty attribute name for key ${key}`);
  }
  return names as Record<string, string>;
}

function readValues(values: unknown, expressions: RequestExpressions): AttributeMap {
  if (values === undefined) return none.values;
  if (!isObject(values)) throw new TablesError("SerializationException", "Start of structure or map found where not expected.");
  const kinds = Object.keys(expressions).filter((kind) => kind !== "ProjectionExpression");
  if (kinds.every((kind) => expressions[kind] === undefined)) {
    const absent = `${kinds.join(" and ")} ${kinds.length > 1 ? "are" : "is"} null`;
    throw invalid(`ExpressionAttributeValues can only be specified when using expressions: ${absent}`);
  }
  if (Object.keys(values).length === 0) throw invalid("ExpressionAttributeValues must not be empty");
  const read: Record<string, AttributeValue> = {};
  for (const key of Object.keys(values)) {
    if (!/^:[A-Za-z0-9_]+$/.test(key)) throw invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
    read[key] = readValue(key, values[key]);
  }
  return read;
}

function readValue(key: string, value: unknown): AttributeValue {
  try {
    return normaliseValue(value);
  } catch (error) {
    if (!(error instanceof TablesError) || error.code !== "ValidationException") throw error;
    throw invalid(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`);
  }
}

function checkDefined(kind: string, { names, values }: Parsed<unknown>, defined: Placeholders): void {
  const name = names.find((placeholder) => !Object.hasOwn(defined.names, placeholder));
  if (name !== undefined) {
    throw invalid(`Invalid ${kind}: An expression attribute name used in the document path is not defined; attribute name: ${name}`);
  }
  const value = values.find((placeholder) => !Object.hasOwn(defined.values, placeholder));
  if (value !== undefined) {
    throw invalid(`Invalid ${kind}: An expression attribute value used in expression is not defined; attribute value: ${value}`);
  }
}

function checkUsed(kind: "Names" | "Values", defined: readonly string[], used: readonly string[]): void {
  if (defined.length === 0) return;
  const known = new Set(used);
  const unused = defined.filter((placeholder) => !known.has(placeholder));
  if (unused.length > 0) {
    throw invalid(`Value provided in ExpressionAttribute${kind} unused in expressions: keys: {${unused.join(", ")}}`);
  }
}

/** The path with real names. */
export function resolvePath(path: Path, { names }: Placeholders): ResolvedPath {
  for (const step of path) {
    if (typeof step === "string" && step.startsWith("#")) {
      return path.map((one) => (typeof one === "string" && one.startsWith("#") ? (names[one] as string) : one));
    }
  }
  return path;
}

/** The value under a path, or undefined. */
export function valueAt(item: AttributeMap, path: ResolvedPath): AttributeValue | undefined {
  let value = attributeOf(item, path[0] as string);
  for (let at = 1; at < path.length && value !== undefined; at++) value = childOf(value, path[at] as string | number);
  return value;
}

/** A member of a map or an element of a list. */
export function childOf(value: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === "number") return "L" in value ? value.L[step] : undefined;
  return "M" in value ? attributeOf(value.M, step) : undefined;
}
