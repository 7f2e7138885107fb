/** The built-in functions that call another. */
import { apply, Lambda } from "../apply.ts";
import { leave, type Run, spend } from "../run.ts";
import { mergeSort } from "../sorting.ts";
import { booleanOf, Callable, isDict, isList, isNumbers, type List, noFunction, sequence, type Value } from "../values.ts";
import type { Functions } from "./entry.ts";
import { dictOf } from "./lists.ts";

/** The functions that take a function, by name. */
export const higherOrderFunctions: Functions = {
  map: ["<af>", 2, ([list, called], run) => onList(list, (own) => map(run, own, called))],
  filter: ["<af>", 2, ([list, called], run) => onList(list, (own) => filter(run, own, called))],
  single: ["<af?>", 2, ([list, called], run) => onList(list, (own) => single(run, own, called))],
  reduce: ["<afj?:j>", 3, ([list, called, initial], run) => onList(list, (own) => reduce(run, own, called, initial))],
  sort: ["<af?:a>", 2, ([list, called], run) => onList(list, (own) => sort(run, own, called))],
  each: ["<o-f:a>", 2, ([object, called], run) => each(run, object, called)],
  sift: ["<o-f?:o>", 2, ([object, called], run) => sift(run, object, called)],
};

function onList(list: Value, act: (list: List) => Value): Value {
  if (list === undefined) return undefined;
  return isList(list) ? act(list) : leave();
}

function map(run: Run, list: List, called: Value): List {
  const made = sequence();
  for (const [i, value] of list.entries()) {
    const result = call(run, called, [value, i, list]);
    if (result !== undefined) made.push(result);
  }
  return made;
}

/** Calls the function with as many of the arguments as it takes, at least one. */
function call(run: Run, called: Value, args: readonly Value[]): Value {
  if (!(called instanceof Callable)) return leave();
  spend(run, 1);
  return noFunction(apply(called, args.slice(0, Math.max(1, called.arity)), called instanceof Lambda ? called.context : null, run));
}

function filter(run: Run, list: List, called: Value): List {
  const made = sequence();
  for (const [i, value] of list.entries()) if (booleanOf(run, call(run, called, [value, i, list])) === true) made.push(value);
  return made;
}

function single(run: Run, list: List, called: Value): Value {
  const found = called === undefined ? list : filter(run, list, called);
  return found.length === 1 ? found[0] : leave();
}

function reduce(run: Run, list: List, called: Value, initial: Value): Value {
  if (!(called instanceof Callable) || called.arity < 2) return leave();
  const isBegun = initial === undefined && list.length > 0;
  let result = isBegun ? list[0] : initial;
  for (let i = isBegun ? 1 : 0; i < list.length; i++) result = call(run, called, [result, list[i], i, list]);
  return result;
}

function sort(run: Run, list: List, called: Value): List {
  // JSONata fails where it is not wrapped.
  if (called instanceof Lambda) leave();
  if (called !== undefined) return mergeSort(run, list, (one, other) => isTruthy(apply(called, [one, other], null, run)));
  spend(run, list.length);
  if (list.length > 1 && !isNumbers(list) && !list.every((value) => typeof value === "string")) return leave();
  return mergeSort(run, list, (one, other) => isAfter(run, one, other));
}

function isAfter(run: Run, one: Value, other: Value): boolean {
  if (typeof one === "number" && typeof other === "number") return one > other;
  if (typeof one !== "string" || typeof other !== "string") return leave();
  spend(run, 1 + (Math.min(one.length, other.length) >> 4));
  return one > other;
}

/** What JavaScript takes for true: the package looks no further. */
function isTruthy(value: Value): boolean {
  return Boolean(value);
}

function each(run: Run, object: Value, called: Value): Value {
  const made = sequence();
  for (const [key, value] of entriesOf(run, object)) {
    const result = call(run, called, [value, key, object]);
    if (result !== undefined) made.push(result);
  }
  return made;
}

function sift(run: Run, object: Value, called: Value): Value {
  const kept = entriesOf(run, object).filter(([key, value]) => booleanOf(run, call(run, called, [value, key, object])) === true);
  return kept.length === 0 ? undefined : dictOf(kept);
}

function entriesOf(run: Run, object: Value): readonly (readonly [string, Value])[] {
  if (!isDict(object)) return object === undefined ? [] : leave();
  const entries = Object.entries(object);
  spend(run, entries.length);
  return entries;
}
