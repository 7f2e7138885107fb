/**
 * Parses JSONPath as Step Functions reads it (Jayway's dialect) into data.
 *
 * J1. No part of a path runs as code; regular expressions are refused.
 * J2. A path is at most 1,024 segments long and filters nest at most 32 deep.
 */
import type { JsonValue } from "@serverlesspresso/ports";

/** One step of a path. `scan` is `..`: every value at any depth. */
export type Segment =
  | { readonly kind: "member"; readonly names: readonly string[] }
  | { readonly kind: "index"; readonly indexes: readonly number[] }
  | { readonly kind: "slice"; readonly from?: number; readonly to?: number; readonly step: number }
  | { readonly kind: "wildcard" }
  | { readonly kind: "scan" }
  | { readonly kind: "filter"; readonly test: Filter }
  | { readonly kind: "function"; readonly name: string; readonly parameters: readonly Operand[] };

/** The condition between `[?(` and `)]`. */
export type Filter =
  | { readonly kind: "or" | "and"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly test: Filter }
  | { readonly kind: "exists"; readonly path: Path }
  | { readonly kind: "compare"; readonly operator: string; readonly left: Operand; readonly right: Operand };

/** One side of a comparison, or a parameter of a function. */
export type Operand = { readonly kind: "path"; readonly path: Path } | { readonly kind: "literal"; readonly value: JsonValue };

/** A parsed path. `root` is where it begins: the document, the context object, the element that a filter tests, or a variable by name. */
export interface Path {
  readonly root: "$" | "$$" | "@" | { readonly variable: string };
  readonly segments: readonly Segment[];
}

/** The text is not a path, an intrinsic function or a reference path. */
export class PathSyntaxError extends Error {
  override readonly name = "PathSyntaxError";
}

const mostSegments = 1_024;
const deepestFilter = 32;
const operators = ["==", "!=", "<=", ">=", "<", ">"];
const wordOperators = ["in", "nin", "contains", "size", "empty", "subsetof", "anyof", "noneof"];

/** Parses a whole text as one path. @throws {PathSyntaxError} */
export function parsePath(text: string): Path {
  const reader = createReader(text);
  const path = readPath(reader, 0);
  reader.skipSpace();
  if (!reader.ended()) throw reader.failure("expected the end of the path");
  return path;
}

/** Reads a path from its `$` on, up to where it ends; answers the path and the place after it. For intrinsic functions. */
export function readPathAt(text: string, at: number): { readonly path: Path; readonly end: number } {
  const reader = createReader(text, at);
  const path = readPath(reader, 0);
  return { path, end: reader.at() };
}

type Reader = ReturnType<typeof createReader>;

function createReader(text: string, start = 0) {
  let at = start;
  return {
    at: () => at,
    ended: () => at >= text.length,
    peek: (length = 1) => text.slice(at, at + length),
    skip: (length = 1) => void (at += length),
    skipSpace() {
      while (at < text.length && /\s/.test(text.charAt(at))) at++;
    },
    take(expected: string): boolean {
      if (!text.startsWith(expected, at)) return false;
      at += expected.length;
      return true;
    },
    match(pattern: RegExp): string {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0] ?? "";
      at += found.length;
      return found;
    },
    failure: (why: string) => new PathSyntaxError(`${why} at character ${at + 1} of '${text}'`),
  };
}

function readPath(reader: Reader, depth: number): Path {
  const root = readRoot(reader);
  const segments: Segment[] = [];
  for (let more = true; more && segments.length < mostSegments; ) more = readSegment(reader, segments, depth);
  if (segments.length >= mostSegments) throw reader.failure("too many segments");
  if (segments.at(-1)?.kind === "scan") throw reader.failure("'..' must be followed by a name, '*' or '['");
  return { root, segments };
}

function readRoot(reader: Reader): Path["root"] {
  if (reader.take("@")) return "@";
  if (reader.take("$$")) return "$$";
  if (!reader.take("$")) throw reader.failure("a path begins with '$'");
  const variable = reader.match(/[\p{ID_Start}_][\p{ID_Continue}]*/uy);
  return variable === "" ? "$" : { variable };
}

function readSegment(reader: Reader, segments: Segment[], depth: number): boolean {
  if (reader.take("..")) {
    segments.push({ kind: "scan" });
    segments.push(reader.peek() === "[" ? readBracket(reader, depth) : readDotted(reader, depth));
    return true;
  }
  if (reader.peek() === "[") segments.push(readBracket(reader, depth));
  else if (reader.take(".")) segments.push(reader.peek() === "[" ? readBracket(reader, depth) : readDotted(reader, depth));
  else return false;
  return true;
}

function readDotted(reader: Reader, depth: number): Segment {
  if (reader.take("*")) return { kind: "wildcard" };
  const name = reader.match(/[^\s.[\](),'"*?@=!<>&|]+/y);
  if (name === "") throw reader.failure("expected a name");
  return reader.peek() === "(" ? readCall(reader, name, depth) : { kind: "member", names: [name] };
}

function readCall(reader: Reader, name: string, depth: number): Segment {
  reader.skip();
  const parameters: Operand[] = [];
  reader.skipSpace();
  while (!reader.take(")")) {
    parameters.push(readOperand(reader, depth));
    reader.skipSpace();
    if (!reader.take(",") && reader.peek() !== ")") throw reader.failure("expected ',' or ')'");
    reader.skipSpace();
  }
  return { kind: "function", name, parameters };
}

function readBracket(reader: Reader, depth: number): Segment {
  reader.skip();
  reader.skipSpace();
  const segment = readBracketed(reader, depth);
  reader.skipSpace();
  if (!reader.take("]")) throw reader.failure("expected ']'");
  return segment;
}

function readBracketed(reader: Reader, depth: number): Segment {
  if (reader.take("*")) return { kind: "wildcard" };
  if (reader.take("?")) return readFilterSegment(reader, depth);
  if (reader.peek() === "'" || reader.peek() === '"') return { kind: "member", names: readList(reader, () => readQuoted(reader)) };
  return readNumbers(reader);
}

function readFilterSegment(reader: Reader, depth: number): Segment {
  reader.skipSpace();
  if (!reader.take("(")) throw reader.failure("expected '('");
  const test = readOr(reader, depth + 1);
  reader.skipSpace();
  if (!reader.take(")")) throw reader.failure("expected ')'");
  return { kind: "filter", test };
}

function readNumbers(reader: Reader): Segment {
  const whole = (): number | undefined => {
    reader.skipSpace();
    const digits = reader.match(/-?\d{1,10}/y);
    reader.skipSpace();
    return digits === "" ? undefined : Number(digits);
  };
  const first = whole();
  if (reader.take(":")) {
    const to = whole();
    const step = reader.take(":") ? (whole() ?? 1) : 1;
    if (step === 0) throw reader.failure("the step of a slice must not be 0");
    return { kind: "slice", ...(first !== undefined && { from: first }), ...(to !== undefined && { to }), step };
  }
  if (first === undefined) throw reader.failure("expected an index, a name in quotes, '*', '?' or a slice");
  const indexes = [first];
  while (reader.take(",")) {
    const next = whole();
    if (next === undefined) throw reader.failure("expected an index");
    indexes.push(next);
  }
  return { kind: "index", indexes };
}

function readList<T>(reader: Reader, read: () => T): T[] {
  const values = [read()];
  for (;;) {
    reader.skipSpace();
    if (!reader.take(",")) return values;
    reader.skipSpace();
    values.push(read());
  }
}

/** A backslash escapes the quote and itself; before anything else it is a backslash. */
function readQuoted(reader: Reader): string {
  const quote = reader.peek();
  if (quote !== "'" && quote !== '"') throw reader.failure("expected a name in quotes");
  reader.skip();
  let text = "";
  for (;;) {
    if (reader.ended()) throw reader.failure("the quote is not closed");
    if (reader.take(quote)) return text;
    if (reader.take(`\\${quote}`)) text += quote;
    else if (reader.take("\\\\")) text += "\\";
    else text += reader.match(/[^'"\\]+|['"\\]/y);
  }
}

function readOr(reader: Reader, depth: number): Filter {
  if (depth > deepestFilter) throw reader.failure("the filter is nested too deeply");
  let left = readAnd(reader, depth);
  for (reader.skipSpace(); reader.take("||"); reader.skipSpace()) left = { kind: "or", left, right: readAnd(reader, depth) };
  return left;
}

function readAnd(reader: Reader, depth: number): Filter {
  let left = readUnary(reader, depth);
  for (reader.skipSpace(); reader.take("&&"); reader.skipSpace()) left = { kind: "and", left, right: readUnary(reader, depth) };
  return left;
}

function readUnary(reader: Reader, depth: number): Filter {
  reader.skipSpace();
  if (reader.peek() === "!" && reader.peek(2) !== "!=") {
    reader.skip();
    return { kind: "not", test: readUnary(reader, depth + 1) };
  }
  if (!reader.take("(")) return readComparison(reader, depth);
  const test = readOr(reader, depth + 1);
  reader.skipSpace();
  if (!reader.take(")")) throw reader.failure("expected ')'");
  return test;
}

function readComparison(reader: Reader, depth: number): Filter {
  const left = readOperand(reader, depth);
  reader.skipSpace();
  const operator = operators.find((sign) => reader.take(sign)) ?? readWord(reader);
  if (operator === undefined) {
    if (left.kind !== "path") throw reader.failure("expected an operator");
    return { kind: "exists", path: left.path };
  }
  reader.skipSpace();
  return { kind: "compare", operator, left, right: readOperand(reader, depth) };
}

function readWord(reader: Reader): string | undefined {
  if (reader.peek(2) === "=~") throw reader.failure("regular expressions are not supported");
  const word = reader.match(/[a-zA-Z]+/y).toLowerCase();
  if (word === "") return undefined;
  if (!wordOperators.includes(word)) throw reader.failure(`unknown operator '${word}'`);
  return word;
}

function readOperand(reader: Reader, depth: number): Operand {
  if (depth > deepestFilter) throw reader.failure("the filter is nested too deeply");
  reader.skipSpace();
  const next = reader.peek();
  if (next === "@" || next === "$") return { kind: "path", path: readPath(reader, depth + 1) };
  if (next === "'" || next === '"') return { kind: "literal", value: readQuoted(reader) };
  if (next === "[") return { kind: "literal", value: readArray(reader) };
  const word = reader.match(/-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null/y);
  if (word === "") throw reader.failure("expected a path or a value");
  return { kind: "literal", value: JSON.parse(word) as JsonValue };
}

function readArray(reader: Reader): JsonValue[] {
  reader.skip();
  reader.skipSpace();
  if (reader.take("]")) return [];
  const values = readList(reader, () => {
    const operand = readOperand(reader, deepestFilter);
    if (operand.kind !== "literal") throw reader.failure("expected a value");
    return operand.value;
  });
  if (!reader.take("]")) throw reader.failure("expected ']'");
  return values;
}
