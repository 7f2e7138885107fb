/** The built-in functions on numbers and truth values. */
import { leave, type Run, spend } from "../run.ts";
import { booleanOf, isList, type Value } from "../values.ts";
import type { Functions } from "./entry.ts";

/** The functions on numbers and truth values, by name. */
export const numberFunctions: Functions = {
  number: ["<(nsb)-:n>", 1, ([value]) => numberOf(value)],
  floor: ["<n-:n>", 1, ([number]) => onNumber(number, Math.floor)],
  ceil: ["<n-:n>", 1, ([number]) => onNumber(number, Math.ceil)],
  abs: ["<n-:n>", 1, ([number]) => onNumber(number, Math.abs)],
  sqrt: ["<n-:n>", 1, ([number]) => onNumber(number, (own) => (own < 0 ? leave() : Math.sqrt(own)))],
  round: ["<n-n?:n>", 2, ([number, precision]) => onNumber(number, (own) => rounded(own, precision))],
  power: ["<n-n:n>", 2, ([base, exponent]) => onNumber(base, (own) => power(own, exponent))],
  sum: ["<a<n>:n>", 1, ([numbers], run) => onNumbers(run, numbers, totalOf)],
  max: ["<a<n>:n>", 1, ([numbers], run) => onNumbers(run, numbers, (own) => (own.length === 0 ? undefined : Math.max(...own)))],
  min: ["<a<n>:n>", 1, ([numbers], run) => onNumbers(run, numbers, (own) => (own.length === 0 ? undefined : Math.min(...own)))],
  average: [
    "<a<n>:n>",
    1,
    ([numbers], run) => onNumbers(run, numbers, (own) => (own.length === 0 ? undefined : totalOf(own) / own.length)),
  ],
  boolean: ["<x-:b>", 1, ([value], run) => booleanOf(run, value)],
  not: ["<x-:b>", 1, ([value], run) => (value === undefined ? undefined : !booleanOf(run, value))],
};

function onNumber(value: Value, act: (number: number) => number): Value {
  if (value === undefined) return undefined;
  return typeof value === "number" ? act(value) : leave();
}

function onNumbers(run: Run, value: Value, act: (numbers: readonly number[]) => number | undefined): Value {
  if (value === undefined) return undefined;
  if (!isList(value)) return leave();
  spend(run, value.length);
  return act(value.map((each) => (typeof each === "number" ? each : leave())));
}

function totalOf(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function numberOf(value: Value): Value {
  if (value === undefined || typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  // Hexadecimal and its like are for the thread.
  if (typeof value !== "string" || value.length > 100 || !/^-?\d+(\.\d+)?([Ee][-+]?\d+)?$/.test(value)) return leave();
  const number = Number(value);
  return Number.isFinite(number) ? number : leave();
}

/** Rounds halves to even. Shifts the point in the text of the number, as a product of it would not be exact. */
function rounded(number: number, precision: Value): number {
  if (precision !== undefined && typeof precision !== "number") return leave();
  const shifted = precision ? shift(number, precision) : number;
  const nearest = Math.round(shifted);
  const isHalf = Math.abs(nearest - shifted) === 0.5 && Math.abs(nearest % 2) === 1;
  const whole = isHalf ? nearest - 1 : nearest;
  const result = precision ? shift(whole, -precision) : whole;
  return Object.is(result, -0) ? 0 : result;
}

function shift(number: number, places: number): number {
  const [digits, exponent] = String(number).split("e");
  return Number(`${digits}e${exponent === undefined ? places : Number(exponent) + places}`);
}

function power(base: number, exponent: Value): number {
  if (typeof exponent !== "number") return leave();
  const result = base ** exponent;
  return Number.isFinite(result) ? result : leave();
}
