/** The operators of a path's filters. */
import type { JsonValue } from "@serverlesspresso/ports";
import { type Budget, spend, spendCompared, spendMembers } from "./budget.ts";
import { isObject } from "./frame.ts";

type Got = JsonValue | undefined;
type Comparison = (left: Got, right: Got, budget: Budget) => boolean;
const sized = (value: Got): value is string | readonly JsonValue[] => typeof value === "string" || Array.isArray(value);
const lists = (left: Got, right: Got): boolean => Array.isArray(left) && Array.isArray(right);

const comparisons: Readonly<Record<string, Comparison>> = {
  "==": (left, right, budget) => sameJson(left, right, budget),
  "!=": (left, right, budget) => !sameJson(left, right, budget),
  "<": (left, right, budget) => ordered(left, right, budget, (order) => order < 0),
  "<=": (left, right, budget) => ordered(left, right, budget, (order) => order <= 0),
  ">": (left, right, budget) => ordered(left, right, budget, (order) => order > 0),
  ">=": (left, right, budget) => ordered(left, right, budget, (order) => order >= 0),
  in: (left, right, budget) => left !== undefined && includes(right, left, budget),
  nin: (left, right, budget) => !(left !== undefined && includes(right, left, budget)),
  contains: (left, right, budget) => contains(left, right, budget),
  size: (left, right) => sized(left) && left.length === right,
  empty: (left, right) => sized(left) && (left.length === 0) === right,
  subsetof: (left, right, budget) => lists(left, right) && (left as JsonValue[]).every((each) => includes(right, each, budget)),
  anyof: (left, right, budget) => lists(left, right) && (left as JsonValue[]).some((each) => includes(right, each, budget)),
  noneof: (left, right, budget) => lists(left, right) && !(left as JsonValue[]).some((each) => includes(right, each, budget)),
};

/** Returns true if the operator holds for the two values; an unknown operator never does. */
export function compare(operator: string, left: Got, right: Got, budget: Budget): boolean {
  return comparisons[operator]?.(left, right, budget) ?? false;
}

function includes(list: Got, value: JsonValue, budget: Budget): boolean {
  // An empty list takes a step too: a long one may be asked for each of its values.
  spend(budget);
  return Array.isArray(list) && list.some((each: JsonValue) => sameJson(each, value, budget));
}

function contains(left: Got, right: Got, budget: Budget): boolean {
  if (typeof left !== "string") return right !== undefined && includes(left, right, budget);
  if (typeof right !== "string") return false;
  spendCompared(budget, left.length);
  return left.includes(right);
}

function ordered(left: Got, right: Got, budget: Budget, test: (order: number) => boolean): boolean {
  if (typeof left === "number" && typeof right === "number") return test(left - right);
  if (typeof left !== "string" || typeof right !== "string") return false;
  spendCompared(budget, Math.min(left.length, right.length));
  return test(left < right ? -1 : left > right ? 1 : 0);
}

/** Returns true if two JSON values are equal, their members in any order. */
export function sameJson(left: Got, right: Got, budget: Budget): boolean {
  if (typeof left === "string" && typeof right === "string" && left.length === right.length) spendCompared(budget, left.length);
  else spend(budget);
  if (left === right) return true;
  if (Array.isArray(left))
    return Array.isArray(right) && left.length === right.length && left.every((each: JsonValue, i) => sameJson(each, right[i], budget));
  if (!isObject(left) || !isObject(right)) return false;
  const [names, others] = [Object.keys(left), Object.keys(right)];
  spendMembers(budget, names.length);
  spendMembers(budget, others.length);
  return names.length === others.length && names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name], budget));
}
