/**
 * CloudWatch's filter patterns: terms that must all occur, `?terms` of which one must, `-terms` that must not, `"phrases in quotes"`,
 * and `{ $.path = "value" }` for lines that are JSON, with `=`, `!=`, `<`, `<=`, `>`, `>=`, `*` in texts, joined by `&&` or `||`.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { LogsError } from "./errors.ts";

export type LineTest = (message: string) => boolean;

/** @throws {LogsError} `InvalidParameterException` */
export function parseFilterPattern(pattern: string | undefined): LineTest {
  const text = pattern?.trim() ?? "";
  if (text === "") return () => true;
  return text.startsWith("{") ? parseJsonPattern(text) : parseTerms(text);
}

function parseTerms(text: string): LineTest {
  const all: string[] = [];
  const any: string[] = [];
  const none: string[] = [];
  for (const [, sign, quoted, plain] of text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/g)) {
    const term = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
    (sign === "?" ? any : sign === "-" ? none : all).push(term);
  }
  return (message) =>
    all.every((term) => message.includes(term)) &&
    (any.length === 0 || any.some((term) => message.includes(term))) &&
    !none.some((term) => message.includes(term));
}

const comparison = /^\$((?:\.[\w-]+|\[\d+\])+)\s*(=|!=|<=|>=|<|>)\s*("(?:[^"\\]|\\.)*"|\S+)$/;

function parseJsonPattern(text: string): LineTest {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1];
  if (inner === undefined) throw invalid(text);
  const either = inner.split("||").map((part) =>
    part.split("&&").map((one) =>
      parseComparison(
        one
          .trim()
          .replace(/^\((.*)\)$/s, "$1")
          .trim(),
        text,
      ),
    ),
  );
  return (message) => {
    const value = parseJson(message);
    return value !== undefined && either.some((tests) => tests.every((test) => test(value)));
  };
}

function parseComparison(text: string, whole: string): (value: JsonValue) => boolean {
  const found = comparison.exec(text);
  if (found === null) throw invalid(whole);
  const [, path, operator, literal] = found as unknown as [string, string, string, string];
  const steps = path.match(/[\w-]+/g) ?? [];
  const want = literal.startsWith('"') ? (JSON.parse(literal) as string) : literal;
  const isEqual = (got: string): boolean => (want.includes("*") ? matchesStars(want, got) : got === want);
  return (value) => {
    const got = read(value, steps);
    if (got === undefined || (got !== null && typeof got === "object")) return false;
    if (operator === "=") return isEqual(String(got)) || (typeof got === "number" && got === Number(want));
    if (operator === "!=") return !isEqual(String(got)) && !(typeof got === "number" && got === Number(want));
    return typeof got === "number" && compare(got, operator, Number(want));
  };
}

function compare(got: number, operator: string, want: number): boolean {
  if (operator === "<") return got < want;
  if (operator === "<=") return got <= want;
  return operator === ">" ? got > want : got >= want;
}

function read(value: JsonValue, steps: readonly string[]): JsonValue | undefined {
  return steps.reduce<JsonValue | undefined>(
    (at, step) =>
      at !== null && typeof at === "object" && Object.hasOwn(at, step) ? (at as { readonly [key: string]: JsonValue })[step] : undefined,
    value,
  );
}

/** `*` stands for anything; pieces are sought from left to right, so the time is linear. */
function matchesStars(pattern: string, text: string): boolean {
  const pieces = pattern.split("*");
  const [first = "", last = ""] = [pieces[0], pieces.at(-1)];
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    at = text.indexOf(piece, at);
    if (at < 0 || at + piece.length > text.length - last.length) return false;
    at += piece.length;
  }
  return true;
}

function parseJson(message: string): JsonValue | undefined {
  try {
    return JSON.parse(message) as JsonValue;
  } catch {
    return undefined;
  }
}

function invalid(pattern: string): LogsError {
  return new LogsError("InvalidParameterException", `Invalid filter pattern: ${pattern}`);
}
