/** Compiles the fields that all states share, in both query languages. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { typeName } from "./choice-rules.ts";
import { queryFailure, runtimeFailure, StateFailure } from "./errors.ts";
import { type Expression, type Frame, isObject } from "./frame.ts";
import { compileIntrinsic } from "./intrinsic-parser.ts";
import type { Amount, Catcher, Complete, Retrier } from "./machine.ts";
import { compileSelection, compileStatePath, isIntrinsic } from "./paths.ts";
import { parseReferencePath, place } from "./reference-path.ts";
import { compilePathTemplate, compileQuery, compileQueryTemplate, queryText } from "./templates.ts";

/** The query language of a state: its `QueryLanguage`, or else that of the machine. */
export type Language = "JSONPath" | "JSONata";

const itself: Expression = (frame) => frame.input;
const isWhole = (path: JsonValue | undefined): boolean => path === undefined || path === "$";

/** Compiles what makes the effective input: InputPath, then Parameters; in JSONata, Arguments. */
export function compilePrepare(state: JsonObject, language: Language): Expression {
  if (language === "JSONata") return state.Arguments === undefined ? itself : compileQueryTemplate(state.Arguments, "Arguments");
  const select = isWhole(state.InputPath) ? itself : compileSelection(state.InputPath as string | null);
  // A Map's Parameters are the older name of its ItemSelector.
  if (state.Parameters === undefined || state.Type === "Map") return select;
  const template = compilePathTemplate(state.Parameters);
  return select === itself ? template : (frame) => template({ ...frame, input: select(frame) });
}

/** Compiles what makes the output: ResultSelector, Assign, ResultPath, OutputPath; in JSONata, Assign and Output. */
export function compileComplete(state: JsonObject, language: Language, resultName: "result" | "errorOutput" | "none" = "result"): Complete {
  return language === "JSONata" ? completeByQuery(state, resultName) : completeByPath(state);
}

function completeByQuery(state: JsonObject, resultName: "result" | "errorOutput" | "none"): Complete {
  const output = state.Output === undefined ? undefined : compileQueryTemplate(state.Output, "Output");
  const assign = state.Assign === undefined ? undefined : compileQueryTemplate(state.Assign, "Assign");
  if (!output && !assign) return (_frame, result) => ({ output: result });
  return (frame, result) => {
    const inner: Frame = resultName === "none" ? frame : { ...frame, [resultName]: result };
    const assigned = assign?.(inner) as JsonObject | undefined;
    return { output: output ? output(inner) : result, ...(assigned && { assigned }) };
  };
}

/** The steps by which a JSONPath state makes its output from its result. A step that changes nothing is absent. */
export interface ResultSteps {
  readonly select?: Expression;
  readonly assign?: Expression;
  readonly combine: (input: JsonValue, result: JsonValue) => JsonValue;
  readonly narrow?: Expression;
}

/**
 * Compiles `ResultSelector`, `Assign`, `ResultPath` and `OutputPath`.
 * @throws {PathSyntaxError} if a path is malformed; `validateDefinition` reports that beforehand
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
 */
export function compileResultSteps(state: JsonObject): ResultSteps {
  return {
    ...(state.ResultSelector !== undefined && { select: compilePathTemplate(state.ResultSelector) }),
    ...(state.Assign !== undefined && { assign: compilePathTemplate(state.Assign) }),
    combine: compileResultPath(state.ResultPath as string | null | undefined),
    ...(!isWhole(state.OutputPath) && { narrow: compileSelection(state.OutputPath as string | null) }),
  };
}

function completeByPath(state: JsonObject): Complete {
  const { select, assign, combine, narrow } = compileResultSteps(state);
  return (frame, result) => {
    const selected = select ? select({ ...frame, input: result }) : result;
    const assigned = assign?.({ ...frame, input: selected }) as JsonObject | undefined;
    const combined = combine(frame.input, selected);
    return { output: narrow ? narrow({ ...frame, input: combined }) : combined, ...(assigned && { assigned }) };
  };
}

function compileResultPath(path: string | null | undefined): (input: JsonValue, result: JsonValue) => JsonValue {
  if (path === undefined || path === "$") return (_input, result) => result;
  if (path === null) return (input) => input;
  const steps = parseReferencePath(path);
  return (input, result) => {
    const placed = place(input, steps, result);
    if (placed !== undefined) return placed;
    throw new StateFailure("States.ResultPathMatchFailure", `Unable to apply Result Path "${path}" to input ${JSON.stringify(input)}`, {
      inState: true,
    });
  };
}

/** Compiles a number in the field `name`, or by `namePath` (JSONPath) or expression (JSONata). */
export function compileAmount(
  state: JsonObject,
  name: string,
  language: Language,
  read: (value: JsonValue, path: string) => number = wholeNumber(name),
): Amount {
  const value = state[name];
  if (typeof value === "number") return () => value;
  if (typeof value === "string" && language === "JSONata") return compileQueryNumber(value, name);
  const path = state[`${name}Path`];
  if (typeof path !== "string") return () => undefined;
  const evaluate = isIntrinsic(path) ? compileIntrinsic(path) : compileSelection(path);
  return (frame) => read(evaluate(frame), path);
}

function compileQueryNumber(text: string, name: string): Amount {
  const expression = queryText(text) ?? "";
  const evaluate = compileQuery(expression, name);
  return (frame) => {
    const value = evaluate(frame);
    if (typeof value === "number") return value;
    throw queryFailure(unexpectedType(expression, name, "number", value), name);
  };
}

/** Returns AWS's message for a JSONata result of the wrong type. */
export function unexpectedType(expression: string, field: string, expected: string, value: JsonValue): string {
  return `The JSONata expression '${expression}' specified for the field '${field}' returned an unexpected result type. Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`;
}

/** Returns a value as a number; undefined if it is neither a number nor the text of one. */
export function asNumber(value: JsonValue): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function wholeNumber(name: string): (value: JsonValue, path: string) => number {
  return (value, path) => {
    const number = asNumber(value);
    if (number !== undefined && Number.isInteger(number) && number >= 0) return number;
    throw runtimeFailure(
      `The ${name}Path parameter cannot be parsed as a long value: ${path} == ${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
  };
}

/** Compiles a text in the field `name`, or by `namePath` (JSONPath) or expression (JSONata). */
export function compileText(state: JsonObject, name: string, language: Language): (frame: Frame) => string | undefined {
  const value = state[name];
  if (typeof value === "string") {
    const expression = language === "JSONata" ? queryText(value) : undefined;
    return expression === undefined ? () => value : compileQueryString(expression, name);
  }
  const path = state[`${name}Path`];
  if (typeof path !== "string") return () => undefined;
  if (isIntrinsic(path)) return stringOf(compileIntrinsic(path), name, path);
  const found = compileStatePath(path);
  const read: Expression = (frame) => {
    const got = found.read(frame);
    if (got !== undefined) return got;
    throw runtimeFailure(
      `The JSONPath '${path}' specified for the field '${name}Path' could not be found in the input '${JSON.stringify(found.subject(frame))}'`,
    );
  };
  return stringOf(read, name, path);
}

function stringOf(read: Expression, name: string, path: string): (frame: Frame) => string {
  return (frame) => {
    const value = read(frame);
    if (typeof value === "string") return value;
    throw runtimeFailure(`The ${name}Path parameter does not reference a string value: ${path} == ${JSON.stringify(value)}`);
  };
}

function compileQueryString(expression: string, name: string): (frame: Frame) => string {
  const evaluate = compileQuery(expression, name);
  return (frame) => {
    const value = evaluate(frame);
    if (typeof value === "string") return value;
    throw queryFailure(unexpectedType(expression, name, "string", value), name);
  };
}

/**
 * Compiles `Retry`. Defaults: `IntervalSeconds` 1, `MaxAttempts` 3, `BackoffRate` 2, no jitter.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function compileRetriers(state: JsonObject): Retrier[] {
  return objects(state.Retry).map((retrier) => ({
    errors: (retrier.ErrorEquals ?? []) as readonly string[],
    intervalSeconds: (retrier.IntervalSeconds ?? 1) as number,
    maxAttempts: (retrier.MaxAttempts ?? 3) as number,
    backoffRate: (retrier.BackoffRate ?? 2) as number,
    fullJitter: retrier.JitterStrategy === "FULL",
    ...(typeof retrier.MaxDelaySeconds === "number" && { maxDelaySeconds: retrier.MaxDelaySeconds }),
  }));
}

/** Compiles `Catch`. The result that a catcher completes is the error output, `{Error, Cause}`. */
export function compileCatchers(state: JsonObject, language: Language): Catcher[] {
  return objects(state.Catch).map((catcher) => ({
    errors: (catcher.ErrorEquals ?? []) as readonly string[],
    next: catcher.Next as string,
    complete: compileComplete(catcher, language, "errorOutput"),
  }));
}

/** Returns the members of a list that are objects; empty for any other value. */
export function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((each): each is JsonObject => isObject(each)) : [];
}
