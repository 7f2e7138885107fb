/**
 * Compiles intrinsic functions: `States.Format('{} and {}', $.a, States.ArrayLength($.b))`.
 *
 * F1. Calls nest at most 10 deep, as on AWS.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { guarded } from "./budget.ts";
import { intrinsicFailure, runtimeFailure, StateFailure } from "./errors.ts";
import type { Expression, Frame } from "./frame.ts";
import { type Intrinsic, intrinsics } from "./intrinsic-functions.ts";
import { compileParsedPath } from "./json-path.ts";
import { PathSyntaxError, readPathAt } from "./json-path-parser.ts";

const deepest = 10;

/** Compiles a call. @throws {PathSyntaxError} if the text is not a call of a known function */
export function compileIntrinsic(text: string): Expression {
  const { expression, end } = readCall(text, 0, 1);
  if (text.slice(end).trim() !== "") throw failure(text, end, "expected the end");
  return expression;
}

interface Read {
  readonly expression: Expression;
  readonly end: number;
}

function readCall(text: string, at: number, depth: number): Read {
  if (depth > deepest) throw failure(text, at, `intrinsic functions nest at most ${deepest} deep`);
  const name = /^States\.(\w+)\s*\(/.exec(text.slice(at));
  const intrinsic = name ? intrinsics.get(name[1] as string) : undefined;
  if (!name || !intrinsic) throw failure(text, at, "expected an intrinsic function");
  const { parameters, end } = readParameters(text, at + name[0].length, depth);
  if (parameters.length < intrinsic.fewest || parameters.length > intrinsic.most) {
    throw failure(text, at, `States.${name[1]} takes ${intrinsic.fewest} to ${intrinsic.most} arguments, has ${parameters.length}`);
  }
  return { expression: call(intrinsic, parameters, text.slice(at, end)), end };
}

function call(intrinsic: Intrinsic, parameters: readonly Expression[], text: string): Expression {
  return (frame) => {
    const values = parameters.map((parameter) => parameter(frame));
    try {
      return guarded(() => intrinsic.call(values, frame.env, frame.budget));
    } catch (error) {
      if (error instanceof StateFailure) throw error;
      throw intrinsicFailure(`The function '${text}' had the following error: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

function readParameters(text: string, start: number, depth: number): { readonly parameters: Expression[]; readonly end: number } {
  const parameters: Expression[] = [];
  let at = skipSpace(text, start);
  if (text[at] === ")") return { parameters, end: at + 1 };
  for (;;) {
    const { expression, end } = readParameter(text, at, depth);
    parameters.push(expression);
    at = skipSpace(text, end);
    if (text[at] === ")") return { parameters, end: at + 1 };
    if (text[at] !== ",") throw failure(text, at, "expected ',' or ')'");
    at = skipSpace(text, at + 1);
  }
}

function readParameter(text: string, at: number, depth: number): Read {
  if (text[at] === "'") return readString(text, at + 1);
  if (text[at] === "$") return readPathParameter(text, at);
  if (text.startsWith("States.", at)) return readCall(text, at, depth + 1);
  const word = /^(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null)/.exec(text.slice(at))?.[0];
  if (word === undefined) throw failure(text, at, "expected an argument");
  const value = JSON.parse(word) as JsonValue;
  return { expression: () => value, end: at + word.length };
}

function readPathParameter(text: string, at: number): Read {
  const { path: parsed, end } = readPathAt(text, at);
  const path = compileParsedPath(parsed);
  const { root } = parsed;
  const written = text.slice(at, end);
  const subject = (frame: Frame): JsonValue | undefined =>
    root === "$$" ? frame.context() : typeof root === "object" ? frame.variable(root.variable) : frame.input;
  return {
    end,
    expression(frame) {
      const document = subject(frame);
      const value = document === undefined ? undefined : guarded(() => path.select(document, frame.budget));
      if (value !== undefined) return value;
      throw runtimeFailure(
        `The function '${text}' had the following error: The JsonPath argument for the field '${written}' could not be found in the input '${JSON.stringify(document)}'`,
      );
    },
  };
}

/** A backslash escapes only quotes, braces and backslashes. A brace keeps its backslash, so that Format can distinguish it from a placeholder. */
function readString(text: string, start: number): Read {
  let value = "";
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "'") return { expression: () => value, end: at + 1 };
    if (character !== "\\") value += character;
    else {
      const escaped = text.charAt(++at);
      if (!"'\\{}".includes(escaped) || escaped === "") throw failure(text, at, `'\\${escaped}' is no escape`);
      value += escaped === "{" || escaped === "}" ? `\\${escaped}` : escaped;
    }
  }
  throw failure(text, start, "the string is not closed");
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (end < text.length && /\s/.test(text.charAt(end))) end++;
  return end;
}

function failure(text: string, at: number, why: string): PathSyntaxError {
  return new PathSyntaxError(`${why} at character ${at + 1} of '${text}'`);
}
