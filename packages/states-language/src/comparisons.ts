/** The comparison operators of Choice rules, a checked table: type first, then order. Values of another type never match. */
import type { JsonValue } from "@serverlesspresso/ports";
import { parseTimestamp } from "./timestamps.ts";

type Order = "Equals" | "LessThan" | "GreaterThan" | "LessThanEquals" | "GreaterThanEquals";
/** Compares the value of the `Variable` with the value in the rule. False if either has another type than the operator. */
export type Comparison = (value: JsonValue, against: JsonValue) => boolean;

const orders: Readonly<Record<Order, (order: number) => boolean>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

const asString = (value: JsonValue): string | undefined => (typeof value === "string" ? value : undefined);
const asNumber = (value: JsonValue): number | undefined => (typeof value === "number" ? value : undefined);
const asTime = (value: JsonValue): number | undefined => (typeof value === "string" ? parseTimestamp(value) : undefined);

function table(): Map<string, Comparison> {
  const found = new Map<string, Comparison>();
  for (const [name, test] of Object.entries(orders)) {
    found.set(`String${name}`, byType(asString, test));
    found.set(`Numeric${name}`, byType(asNumber, test));
    found.set(`Timestamp${name}`, byType(asTime, test));
  }
  found.set("BooleanEquals", (value, against) => typeof value === "boolean" && value === against);
  return found;
}

function byType<T extends string | number>(read: (value: JsonValue) => T | undefined, test: (order: number) => boolean): Comparison {
  return (value, against) => {
    const [left, right] = [read(value), read(against)];
    return left !== undefined && right !== undefined && test(left < right ? -1 : left > right ? 1 : 0);
  };
}

/** Operators that also come with `Path` at the end. */
export const comparisons: ReadonlyMap<string, Comparison> = table();

/** What `Is...` operators ask; the rule says whether it must hold or must not. */
export const typeTests: ReadonlyMap<string, (value: JsonValue | undefined) => boolean> = new Map(
  Object.entries({
    IsPresent: (value: JsonValue | undefined) => value !== undefined,
    IsNull: (value: JsonValue | undefined) => value === null,
    IsBoolean: (value: JsonValue | undefined) => typeof value === "boolean",
    IsNumeric: (value: JsonValue | undefined) => typeof value === "number",
    IsString: (value: JsonValue | undefined) => typeof value === "string",
    IsTimestamp: (value: JsonValue | undefined) => typeof value === "string" && parseTimestamp(value) !== undefined,
  }),
);

/** `*` stands for any text; `\\*` and `\\\\` for the characters themselves. No backtracking. */
export function compileStringMatches(pattern: string): (value: JsonValue) => boolean {
  const pieces = splitAtStars(pattern);
  return (value) => typeof value === "string" && matchesPieces(value, pieces);
}

function splitAtStars(pattern: string): string[] {
  const pieces = [""];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === "*") pieces.push("");
    else pieces[pieces.length - 1] += character === "\\" && i + 1 < pattern.length ? pattern.charAt(++i) : character;
  }
  return pieces;
}

function matchesPieces(value: string, pieces: readonly string[]): boolean {
  const [first, ...rest] = pieces as [string, ...string[]];
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first) || value.length < first.length + last.length || !value.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = value.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= value.length - last.length;
}
