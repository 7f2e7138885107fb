/** The built-in functions on arrays and objects. */
import { setMember } from "../../src/frame.ts";
import { leave, type Run, spend } from "../run.ts";
import {
  append,
  Callable,
  type Dict,
  isDict,
  isEqual,
  isList,
  isNumeric,
  type List,
  lookup,
  type MadeList,
  sequence,
  type Value,
} from "../values.ts";
import type { Functions } from "./entry.ts";

/** The functions on arrays and objects, by name. */
export const listFunctions: Functions = {
  count: ["<a:n>", 1, ([list]) => (isList(list) ? list.length : 0)],
  append: ["<xx:a>", 2, ([first, second], run) => append(run, first, second)],
  exists: ["<x:b>", 1, ([value]) => value !== undefined],
  reverse: ["<a:a>", 1, ([list], run) => onList(run, list, (own) => (own.length <= 1 ? own : own.toReversed()))],
  distinct: ["<x:x>", 1, ([list], run) => (isList(list) && list.length > 1 ? distinct(run, list) : list)],
  zip: ["<a+>", 0, (lists, run) => zip(run, lists)],
  keys: ["<x-:a<s>>", 1, ([value], run) => sequenceFrom(keysOf(run, value, 0))],
  lookup: ["<x-s:x>", 2, ([value, key], run) => (typeof key === "string" ? lookup(run, value, key) : leave())],
  spread: ["<x-:a<o>>", 1, ([value], run) => spread(run, value)],
  merge: ["<a<o>:o>", 1, ([list], run) => onList(run, list, (own) => merge(run, own))],
  type: ["<x:s>", 1, ([value]) => typeName(value)],
  assert: ["<bs?:x>", 2, ([condition]) => (condition === true ? undefined : leave())],
};

function onList(run: Run, list: Value, act: (list: List) => Value): Value {
  if (list === undefined) return undefined;
  if (!isList(list)) return leave();
  spend(run, list.length);
  return act(list);
}

function distinct(run: Run, list: List): List {
  const found: MadeList = list.sequence === true ? sequence() : [];
  for (const value of list) if (!found.some((other) => isEqual(run, value, other))) found.push(value);
  return found;
}

function zip(run: Run, lists: readonly Value[]): List {
  const length = Math.min(...lists.map((list) => (isList(list) ? list.length : 0)));
  spend(run, length * lists.length);
  return Array.from({ length }, (_, i) => lists.map((list) => (isList(list) ? list[i] : leave())));
}

function sequenceFrom(values: readonly Value[]): List {
  const made: MadeList = [...values];
  made.sequence = true;
  return made;
}

/** The keys of an array's objects, each once. */
function keysOf(run: Run, value: Value, level: number): readonly string[] {
  if (level > 1) return leave();
  if (!isList(value)) {
    const keys = isDict(value) ? Object.keys(value) : [];
    spend(run, 1 + keys.length);
    return keys;
  }
  const all: { [key: string]: true } = Object.create(null);
  for (const each of value) for (const key of keysOf(run, each, level + 1)) all[key] = true;
  return Object.keys(all);
}

function spread(run: Run, value: Value): Value {
  if (isDict(value)) {
    const entries = Object.entries(value);
    spend(run, entries.length);
    return sequenceFrom(entries.map(([key, each]) => dictOf([[key, each]])));
  }
  if (!isList(value)) return value instanceof Callable ? leave() : value;
  let all: Value = sequence();
  for (const each of value) all = append(run, all, isList(each) ? leave() : spread(run, each));
  return all;
}

function merge(run: Run, list: List): Dict {
  const made: { [key: string]: Value } = {};
  for (const each of list) {
    if (!isDict(each)) return leave();
    const keys = Object.keys(each);
    spend(run, keys.length);
    for (const key of keys) setMember(made, key, each[key]);
  }
  return made;
}

/** Returns an object of these members; the last of a name counts. */
export function dictOf(entries: readonly (readonly [string, Value])[]): Dict {
  const made: { [key: string]: Value } = {};
  for (const [key, value] of entries) setMember(made, key, value);
  return made;
}

function typeName(value: Value): Value {
  if (value === undefined) return undefined;
  if (value === null) return "null";
  if (typeof value === "number") return isNumeric(value) ? "number" : leave();
  if (isList(value)) return "array";
  return isDict(value) ? "object" : value instanceof Callable ? "function" : typeof value;
}
