/** Payload templates: JSON with paths in it (JSONPath) or `{% %}` strings in it (JSONata). What is constant is made once. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { EvaluationPending } from "./decision.ts";
import { queryFailure } from "./errors.ts";
import { type Expression, type Frame, isObject, setMember } from "./frame.ts";
import { compileValue } from "./paths.ts";

/** A template that is the same for every frame. */
interface Constant {
  readonly constant: JsonValue;
}
type Part = Expression | Constant;
const isConstant = (part: Part): part is Constant => typeof part !== "function";
const closed = (part: Part): Expression => (isConstant(part) ? () => part.constant : part);

/** A JSONPath template: members whose name ends in `.$` hold a path or intrinsic function. */
export function compilePathTemplate(template: JsonValue): Expression {
  return closed(pathPart(template));
}

function pathPart(template: JsonValue): Part {
  if (Array.isArray(template)) return arrayPart(template, (each) => pathPart(each));
  if (!isObject(template)) return { constant: template };
  return objectPart(template, (name, value) =>
    name.endsWith(".$") && typeof value === "string" ? [name.slice(0, -2), compileValue(value, name)] : [name, pathPart(value)],
  );
}

/** A JSONata template: strings `{% ... %}` anywhere in it are evaluated. `field` names it in failures: `Output`, `Assign/total`. */
export function compileQueryTemplate(template: JsonValue, field: string): Expression {
  return closed(queryPart(template, field));
}

function queryPart(template: JsonValue, field: string): Part {
  if (Array.isArray(template)) return arrayPart(template, (each, i) => queryPart(each, `${field}[${i}]`));
  if (isObject(template)) return objectPart(template, (name, value) => [name, queryPart(value, `${field}/${name}`)]);
  const expression = typeof template === "string" ? queryText(template) : undefined;
  return expression === undefined ? { constant: template } : compileQuery(expression, field);
}

function arrayPart(template: readonly JsonValue[], partOf: (each: JsonValue, index: number) => Part): Part {
  const parts = template.map(partOf);
  if (parts.every(isConstant)) return { constant: template };
  const expressions = parts.map(closed);
  return (frame) => expressions.map((expression) => expression(frame));
}

function objectPart(template: JsonObject, partOf: (name: string, value: JsonValue) => readonly [string, Part]): Part {
  const parts = Object.entries(template).map(([name, value]) => partOf(name, value));
  if (parts.every(([, part]) => isConstant(part))) return { constant: template };
  const members = parts.map(([name, part]) => [name, closed(part)] as const);
  return (frame) => {
    const made: { [key: string]: JsonValue } = {};
    for (const [name, expression] of members) setMember(made, name, expression(frame));
    return made;
  };
}

/** Returns the expression between `{%` and `%}`; undefined if the text is not in these. */
export function queryText(text: string): string | undefined {
  return text.startsWith("{%") && text.endsWith("%}") && text.length >= 4 ? text.slice(2, -2).trim() : undefined;
}

/** One JSONata expression that must give a value. */
export function compileQuery(expression: string, field: string): Expression {
  const evaluate = compileOptionalQuery(expression, field);
  return (frame) => {
    const value = evaluate(frame);
    if (value !== undefined) return value;
    throw queryFailure(`The JSONata expression '${expression}' specified for the field '${field}' returned nothing (undefined).`, field);
  };
}

function compileOptionalQuery(expression: string, field: string): (frame: Frame) => JsonValue | undefined {
  // Made when it is first evaluated: a state may hold thousands, and is compiled in one turn of the loop.
  let bind: ((frame: Frame) => JsonObject) | undefined;
  return (frame) => {
    bind ??= bindingsOf(expression);
    const got = frame.env.evaluate(expression, bind(frame));
    if (got.kind === "value") {
      // It counts for the decision's turn (B3); its own budget is the evaluator's.
      if (got.work !== undefined) frame.budget.work.done += got.work;
      return got.value;
    }
    if (got.kind === "pending") throw new EvaluationPending(`evaluation of '${expression}' is not done yet`);
    throw queryFailure(errorText(expression, field, got), field);
  };
}

function errorText(expression: string, field: string, { code, message }: { readonly code: string; readonly message: string }): string {
  const which = `The JSONata expression '${expression}' specified for the field '${field}'`;
  return code === "UnsupportedResult"
    ? `${which} returned an unsupported result type.`
    : `${which} threw an error during evaluation. ${code}: ${message}`;
}

const reserved = ["input", "context", "result", "errorOutput"] as const;

/** Hands over only the variables an expression names: what it does not use need not travel to the evaluator. */
function bindingsOf(expression: string): (frame: Frame) => JsonObject {
  const names = new Set(Array.from(expression.matchAll(/\$([\p{ID_Start}_][\p{ID_Continue}]*)/gu), ([, name]) => name as string));
  const wantsStates = names.delete("states");
  const bare = /\$states(?!\s*\.\s*(?:input|context|result|errorOutput)\b)/.test(expression);
  const parts = wantsStates ? reserved.filter((part) => bare || new RegExp(`\\$states\\s*\\.\\s*${part}\\b`).test(expression)) : [];
  return (frame) => {
    const variables: { [key: string]: JsonValue } = {};
    for (const name of names) {
      const value = frame.variable(name);
      if (value !== undefined) setMember(variables, name, value);
    }
    if (wantsStates) setMember(variables, "states", statesOf(frame, parts));
    return variables;
  };
}

function statesOf(frame: Frame, parts: readonly (typeof reserved)[number][]): JsonObject {
  const states: { [key: string]: JsonValue } = {};
  for (const part of parts) {
    const value = part === "input" ? frame.stateInput : part === "context" ? frame.context() : frame[part];
    if (value !== undefined) states[part] = value;
  }
  return states;
}
