/** Choice rules, compiled to closures: JSONPath operators and JSONata conditions. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { comparisons, compileStringMatches, typeTests } from "./comparisons.ts";
import { queryFailure, runtimeFailure } from "./errors.ts";
import type { Frame } from "./frame.ts";
import { compileStatePath, type StatePath } from "./paths.ts";
import { compileQuery, queryText } from "./templates.ts";

/** Returns true if a choice rule matches the state and its variables. */
export type Condition = (frame: Frame) => boolean;

const notOperators = new Set(["Variable", "Next", "Comment", "Assign", "Output"]);

/**
 * Compiles a JSONPath choice rule.
 * @throws {PathSyntaxError | TypeError} if the rule is malformed; `validateDefinition` reports that beforehand in AWS's words
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 */
export function compileCondition(rule: JsonObject): Condition {
  const nested = compileBoolean(rule);
  if (nested) return nested;
  const name = Object.keys(rule).find((key) => !notOperators.has(key));
  if (name === undefined || typeof rule.Variable !== "string") throw new TypeError("a choice rule needs a Variable and an operator");
  const variable = compileStatePath(rule.Variable);
  const isOfType = typeTests.get(name);
  if (isOfType) return compileTypeTest(variable, name, isOfType, rule[name] === true);
  return compileComparison(variable, name, rule[name] as JsonValue);
}

function compileBoolean(rule: JsonObject): Condition | undefined {
  const each = (rules: JsonValue | undefined): Condition[] => (rules as readonly JsonObject[]).map(compileCondition);
  if (rule.And !== undefined) {
    const conditions = each(rule.And);
    return (frame) => conditions.every((condition) => condition(frame));
  }
  if (rule.Or !== undefined) {
    const conditions = each(rule.Or);
    return (frame) => conditions.some((condition) => condition(frame));
  }
  if (rule.Not === undefined) return undefined;
  const condition = compileCondition(rule.Not as JsonObject);
  return (frame) => !condition(frame);
}

function compileTypeTest(
  variable: StatePath,
  name: string,
  isOfType: (value: JsonValue | undefined) => boolean,
  wanted: boolean,
): Condition {
  const read = name === "IsPresent" ? variable.read : required(variable);
  return (frame) => isOfType(read(frame)) === wanted;
}

function compileComparison(variable: StatePath, name: string, operand: JsonValue): Condition {
  const read = required(variable);
  if (name === "StringMatches") {
    const matches = compileStringMatches(String(operand));
    return (frame) => matches(read(frame));
  }
  const direct = comparisons.get(name);
  if (direct) return (frame) => direct(read(frame), operand);
  const compare = comparisons.get(name.replace(/Path$/, ""));
  if (!compare) throw new TypeError(`unknown operator ${name}`);
  const against = required(compileStatePath(String(operand)));
  return (frame) => compare(read(frame), against(frame));
}

function required(path: StatePath): (frame: Frame) => JsonValue {
  return (frame) => {
    const value = path.read(frame);
    if (value !== undefined) return value;
    throw runtimeFailure(`Invalid path '${path.text}': The choice state's condition path references an invalid value.`);
  };
}

/** Compiles a JSONata `Condition`, which must give true or false. */
export function compileQueryCondition(condition: JsonValue, field: string): Condition {
  if (typeof condition === "boolean") return () => condition;
  const expression = queryText(String(condition));
  if (expression === undefined) throw new TypeError("Condition must be a JSONata expression");
  const evaluate = compileQuery(expression, field);
  return (frame) => {
    const value = evaluate(frame);
    if (typeof value === "boolean") return value;
    throw queryFailure(
      `The JSONata expression '${expression}' specified for the field '${field}' returned an unexpected result type. Expected 'boolean', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
      field,
    );
  };
}

/** Returns the type of a value as AWS names it in messages. */
export function typeName(value: JsonValue): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}
