import type { JsonValue } from "@serverlesspresso/ports";
import { type Budget, jsonWithin, spend, spendMembers, spendWritten } from "./budget.ts";
import { isObject } from "./frame.ts";

type PathFunction = (subject: JsonValue, parameters: readonly (JsonValue | undefined)[], budget: Budget) => JsonValue | undefined;

const numbersOf = (value: JsonValue): number[] =>
  (Array.isArray(value) ? value : [value]).filter((each): each is number => typeof each === "number");
const overNumbers =
  (combine: (numbers: readonly number[]) => number): PathFunction =>
  (subject, parameters) => {
    const numbers = [...numbersOf(subject), ...parameters.flatMap((value) => (value === undefined ? [] : numbersOf(value)))];
    return numbers.length === 0 ? undefined : combine(numbers);
  };

const functions: Readonly<Record<string, PathFunction>> = {
  length: (subject) =>
    typeof subject === "string" || Array.isArray(subject) ? subject.length : isObject(subject) ? Object.keys(subject).length : undefined,
  size: (subject, parameters, budget) => functions.length?.(subject, parameters, budget),
  keys: (subject) => (isObject(subject) ? Object.keys(subject) : undefined),
  first: (subject) => (Array.isArray(subject) ? subject[0] : undefined),
  last: (subject) => (Array.isArray(subject) ? subject.at(-1) : undefined),
  index: (subject, [at]) => (Array.isArray(subject) && typeof at === "number" ? subject.at(at) : undefined),
  min: overNumbers((numbers) => numbers.reduce((a, b) => Math.min(a, b))),
  max: overNumbers((numbers) => numbers.reduce((a, b) => Math.max(a, b))),
  sum: overNumbers((numbers) => numbers.reduce((a, b) => a + b)),
  avg: overNumbers((numbers) => numbers.reduce((a, b) => a + b) / numbers.length),
  stddev: overNumbers((numbers) => {
    const mean = numbers.reduce((a, b) => a + b) / numbers.length;
    return Math.sqrt(numbers.reduce((sum, n) => sum + (n - mean) ** 2, 0) / numbers.length);
  }),
  concat: (subject, parameters, budget) =>
    [subject, ...parameters]
      .flatMap((value): readonly (JsonValue | undefined)[] => (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]))
      .map((value) => (typeof value === "string" ? value : value === undefined ? "" : jsonWithin(budget, value)))
      .map((text) => written(text, budget))
      .join(""),
  append: (subject, parameters) =>
    Array.isArray(subject)
      ? [...(subject as readonly JsonValue[]), ...parameters.flatMap((value) => (value === undefined ? [] : [value]))]
      : undefined,
};

/** The steps that a call costs. */
const callSteps = 5;

/** The names of functions that a path may call, as in `$.list.length()`. */
export const pathFunctionNames: ReadonlySet<string> = new Set(Object.keys(functions));

/** Calls one of Jayway's functions on the result of the path before it. */
export function callPathFunction(
  name: string,
  subject: JsonValue,
  parameters: readonly (JsonValue | undefined)[],
  budget: Budget,
): JsonValue | undefined {
  if (!pathFunctionNames.has(name)) return undefined;
  spend(budget, callSteps);
  for (const value of [subject, ...parameters]) spendWhole(value, budget);
  return functions[name]?.(subject, parameters, budget);
}

function spendWhole(value: JsonValue | undefined, budget: Budget): void {
  if (isObject(value)) spendMembers(budget, Object.keys(value).length);
  else spend(budget, Array.isArray(value) ? value.length : 1);
}

function written(text: string, budget: Budget): string {
  spendWritten(budget, text.length);
  return text;
}
