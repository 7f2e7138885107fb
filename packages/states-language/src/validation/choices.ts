/** Checks the rules of a Choice state. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { comparisons, typeTests } from "../comparisons.ts";
import { isObject } from "../frame.ts";
import { parseTimestamp } from "../timestamps.ts";
import { isPath } from "./payloads.ts";
import { type Language, type Report, schema } from "./report.ts";
import { assign, template } from "./values.ts";

const combining = ["And", "Or", "Not"];
const around = new Set(["Next", "Comment", "Assign", "Output"]);

/** Reports problems in the `Choices` of a Choice state. */
export function checkChoices(report: Report, state: JsonObject, location: string, language: Language): void {
  if (!Array.isArray(state.Choices)) return;
  if (state.Choices.length === 0) schema(report, "Array must contain at least 1 item", `${location}/Choices`);
  for (const [i, rule] of (state.Choices as readonly JsonValue[]).entries()) {
    const at = `${location}/Choices[${i}]`;
    if (!isObject(rule)) schema(report, "Expected value of type [OBJECT]", at);
    else checkTopRule(report, rule, at, language);
  }
}

function checkTopRule(report: Report, rule: JsonObject, at: string, language: Language): void {
  if (typeof rule.Next !== "string") schema(report, "These fields are required: [Next]", at);
  if (rule.Assign !== undefined) assign(report, rule.Assign, { location: `${at}/Assign`, language });
  if (language === "JSONPath") {
    checkRule(report, rule, at, true);
    return;
  }
  if (rule.Output !== undefined) template(report, rule.Output, { location: `${at}/Output`, language });
  if (rule.Condition === undefined) schema(report, "These fields are required: [Condition]", at);
  else if (typeof rule.Condition === "string") template(report, rule.Condition, { location: `${at}/Condition`, language });
  else if (typeof rule.Condition !== "boolean") schema(report, "Expected value of type [BOOLEAN, STRING]", `${at}/Condition`);
  for (const name of Object.keys(rule)) {
    if (name === "Condition" || around.has(name)) continue;
    if (name === "Variable") schema(report, languageMessage("Variable"), at);
    else schema(report, `Field '${name}' is not supported`, at);
  }
}

function languageMessage(field: string): string {
  return `The QueryLanguage is set to 'JSONata', but field '${field}' is only supported for the 'JSONPath' QueryLanguage`;
}

function checkRule(report: Report, rule: JsonObject, at: string, isTop: boolean): void {
  if (!isTop && rule.Next !== undefined) schema(report, "Field 'Next' is not supported", at);
  const operators = Object.keys(rule).filter((name) => name !== "Variable" && !around.has(name));
  const [operator] = operators;
  if (operator === undefined || operators.length > 1) {
    schema(report, "A choice rule must have exactly one comparison operator", at);
    return;
  }
  if (combining.includes(operator)) {
    checkCombined(report, operator, rule[operator] as JsonValue, `${at}/${operator}`);
    return;
  }
  if (typeof rule.Variable !== "string") schema(report, "These fields are required: [Variable]", at);
  else if (!isPath(rule.Variable)) schema(report, "Value is not a valid JSONPath", `${at}/Variable`);
  checkOperand(report, operator, rule[operator] as JsonValue, at);
}

function checkCombined(report: Report, operator: string, operand: JsonValue, at: string): void {
  const rules = operator === "Not" ? [operand] : operand;
  if (!Array.isArray(rules)) {
    schema(report, "Expected value of type [ARRAY]", at);
    return;
  }
  if (rules.length === 0) {
    schema(report, "Array must contain at least 1 item", at);
    return;
  }
  for (const [i, rule] of (rules as readonly JsonValue[]).entries()) {
    const place = operator === "Not" ? at : `${at}[${i}]`;
    if (isObject(rule)) checkRule(report, rule, place, false);
    else schema(report, "Expected value of type [OBJECT]", place);
  }
}

function checkOperand(report: Report, operator: string, operand: JsonValue, at: string): void {
  const location = `${at}/${operator}`;
  if (typeTests.has(operator) || operator === "BooleanEquals") {
    if (typeof operand !== "boolean") schema(report, "Expected value of type [BOOLEAN]", location);
  } else if (operator === "StringMatches") {
    if (typeof operand !== "string") schema(report, "Expected value of type [STRING]", location);
  } else if (operator.endsWith("Path") && comparisons.has(operator.slice(0, -4))) {
    if (typeof operand !== "string" || !isPath(operand)) schema(report, "Value is not a valid JSONPath", location);
  } else if (comparisons.has(operator)) checkLiteral(report, operator, operand, location);
  else schema(report, `Field '${operator}' is not supported`, at);
}

function checkLiteral(report: Report, operator: string, operand: JsonValue, location: string): void {
  if (operator.startsWith("Numeric")) {
    if (typeof operand !== "number") schema(report, "Expected value of type [NUMBER]", location);
  } else if (typeof operand !== "string") schema(report, "Expected value of type [STRING]", location);
  else if (operator.startsWith("Timestamp") && parseTimestamp(operand) === undefined)
    schema(report, "String does not match RFC3339 timestamp", location);
}
