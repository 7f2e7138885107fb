/** Conditions joined by `&&`, `||` and parentheses, and the comparison of a value with what is written. */
import type { Cursor } from "./cursor.ts";

/** A value that a pattern compares; null has a condition of its own. */
export type Scalar = string | number | boolean;
/** Whether a scalar meets a comparison. */
export type Comparison = (got: Scalar) => boolean;
/** Whether a log line, or a part of one, meets the pattern. */
export type Condition<T> = (value: T) => boolean;

/** Reads `either` of the grammar. */
export function parseEither<T>(cursor: Cursor, parseCondition: () => Condition<T>): Condition<T> {
  const alternatives = [parseBoth(cursor, parseCondition)];
  while (cursor.take(/\|\|/y) !== undefined) alternatives.push(parseBoth(cursor, parseCondition));
  return (value) => alternatives.some((holds) => holds(value));
}

function parseBoth<T>(cursor: Cursor, parseCondition: () => Condition<T>): Condition<T> {
  const conditions = [parseOne(cursor, parseCondition)];
  while (cursor.take(/&&/y) !== undefined) conditions.push(parseOne(cursor, parseCondition));
  return (value) => conditions.every((holds) => holds(value));
}

function parseOne<T>(cursor: Cursor, parseCondition: () => Condition<T>): Condition<T> {
  if (cursor.take(/\(/y) === undefined) return parseCondition();
  const inner = parseEither(cursor, parseCondition);
  cursor.expect(/\)/y, ")");
  return inner;
}

const number = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.*])/y;
const bare = /(?:(?!&&|\|\|)[^\s"%(){}[\],])+/y;

/** Reads `comparison` of the grammar; undefined where no operator stands. */
export function parseComparison(cursor: Cursor): Comparison | undefined {
  const operator = cursor.take(/!=|=!|<=|>=|[=<>]/y);
  if (operator === undefined) return undefined;
  if (operator === "=") return parseEquality(cursor);
  if (operator.includes("!")) {
    const isEqual = parseEquality(cursor);
    return (got) => !isEqual(got);
  }
  const want = Number(cursor.expect(number, "a number"));
  return (got) => isOrdered(numberIn(got), operator, want);
}

function parseEquality(cursor: Cursor): Comparison {
  const matches = cursor.takeRegex();
  if (matches !== undefined) return (got) => matches(String(got));
  const quoted = cursor.takeQuoted();
  if (quoted !== undefined) return textTest(quoted);
  const text = cursor.expect(bare, "a text, a number or a regular expression");
  const isText = textTest(text);
  const want = toNumber(text);
  return (got) => isText(got) || (want !== undefined && numberIn(got) === want);
}

/** F2. */
function textTest(text: string): Comparison {
  const opens = text.startsWith("*");
  const closes = text.length > 1 && text.endsWith("*");
  const middle = text.slice(opens ? 1 : 0, closes ? -1 : undefined);
  if (opens && closes) return (got) => String(got).includes(middle);
  if (opens) return (got) => String(got).endsWith(middle);
  return closes ? (got) => String(got).startsWith(middle) : (got) => String(got) === text;
}

function isOrdered(got: number | undefined, operator: string, want: number): boolean {
  if (got === undefined) return false;
  if (operator === "<") return got < want;
  if (operator === "<=") return got <= want;
  return operator === ">" ? got > want : got >= want;
}

function numberIn(got: Scalar): number | undefined {
  return typeof got === "number" ? got : typeof got === "string" ? toNumber(got) : undefined;
}

const longestNumber = 400;

function toNumber(text: string): number | undefined {
  if (text.length > longestNumber) return undefined;
  number.lastIndex = 0;
  return number.exec(text)?.[0] === text ? Number(text) : undefined;
}
