/** What expressions work on: JSON, nothing (`undefined`), functions; and lists that are JSONata's sequences. */
import { leave, type Run, spend } from "./run.ts";

/** A value while an expression is evaluated. */
export type Value = undefined | null | boolean | number | string | Callable | List | Dict;

/** An array of data, or one that an expression made. */
export interface List extends ReadonlyArray<Value> {
  /** A sequence with one member becomes that member, one with none becomes nothing. */
  readonly sequence?: true;
  /** A sequence that stays a list though it has one member: `[]` in the expression. */
  readonly keepSingleton?: true;
  /** An array constructor in a path: it is not flattened. */
  readonly cons?: true;
}

/** A list that this evaluation makes. */
export interface MadeList extends Array<Value> {
  sequence?: true;
  keepSingleton?: true;
  cons?: true;
}

/** An object of data, or one that an expression made. */
export interface Dict {
  readonly [key: string]: Value;
}

/** A function of the language: a built-in one or a lambda. */
export class Callable {
  /** The number of arguments that `$map` and its like pass to it at most. */
  readonly arity: number;
  readonly call: (args: readonly Value[], context: Value, run: Run) => Value;
  constructor(arity: number, call: (args: readonly Value[], context: Value, run: Run) => Value) {
    this.arity = arity;
    this.call = call;
  }
}

/** A function that JSONata has by itself. */
export class BuiltIn extends Callable {}

/** Objects nest no deeper than this where they are compared, written or returned (Q3). */
export const mostLevels = 100;

/** Returns true for an array. */
export function isList(value: Value): value is List {
  return Array.isArray(value);
}

/** Returns true for an object that is neither an array nor a function. */
export function isDict(value: Value): value is Dict {
  if (typeof value !== "object" || value === null || isList(value) || value instanceof Callable) return false;
  // JSONata takes such data for functions of its own.
  if (value._jsonata_lambda === true || value._jsonata_function === true) leave();
  return true;
}

/** Returns an empty sequence. */
export function sequence(): MadeList {
  const made: MadeList = [];
  made.sequence = true;
  return made;
}

/** Returns a sequence of one value. */
export function sequenceOf(value: Value): MadeList {
  const made: MadeList = [noFunction(value)];
  made.sequence = true;
  return made;
}

/** Returns what a sequence stands for: nothing, its one member, or itself. */
export function collapsed(value: Value): Value {
  if (!isList(value) || value.sequence !== true) return value;
  if (value.length > 1) return value;
  return value.length === 0 ? undefined : value.keepSingleton ? value : value[0];
}

/** Returns the value. Functions inside lists and objects are for the thread. @throws {Beyond} for a function */
export function noFunction<T extends Value>(value: T): T {
  if (value instanceof Callable) leave();
  return value;
}

/** Returns true for a finite number. @throws {Beyond} for an infinite one, which is an error */
export function isNumeric(value: Value): value is number {
  if (typeof value !== "number" || Number.isNaN(value)) return false;
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) leave();
  return true;
}

/** Returns true for a list of finite numbers, an empty one included. */
export function isNumbers(value: Value): value is List & readonly number[] {
  return isList(value) && value.every(isNumeric);
}

/** Returns the member of an object, or the members of all objects in a list; nothing if it is absent. */
export function lookup(run: Run, input: Value, key: string): Value {
  spend(run, 1);
  if (typeof input !== "object" || input === null) return undefined;
  if (!isList(input)) return Object.hasOwn(input, key) && isDict(input) ? input[key] : undefined;
  const found = sequence();
  for (const each of input) {
    const value = lookup(run, each, key);
    if (isList(value)) pushAll(run, found, value);
    else if (value !== undefined) found.push(value);
  }
  return found;
}

/** Adds all members of a list to another. */
export function pushAll(run: Run, to: MadeList, from: List): void {
  spend(run, from.length);
  for (const each of from) to.push(each);
}

/** Returns both together: a value that is no list counts as a list of one, and nothing adds nothing. */
export function append(run: Run, first: Value, second: Value): Value {
  if (first === undefined) return second;
  if (second === undefined) return first;
  const head = isList(first) ? first : [noFunction(first)];
  const tail = isList(second) ? second : [noFunction(second)];
  spend(run, head.length + tail.length);
  return [...head, ...tail];
}

/** Returns the value as a condition takes it; undefined for nothing. */
export function booleanOf(run: Run, value: Value): boolean | undefined {
  return value === undefined ? undefined : truth(run, value, 0);
}

function truth(run: Run, value: Value, level: number): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value.length > 0;
  if (value === undefined) return leave();
  if (typeof value === "number") return isNumeric(value) && value !== 0;
  if (isList(value)) {
    if (level > mostLevels) leave();
    spend(run, value.length);
    // All of them are looked at: one of them may be an infinite number.
    return value.length > 0 && value.filter((each) => truth(run, each, level + 1)).length > 0;
  }
  return isDict(value) && Object.keys(value).length > 0;
}

/** Returns true if two values are equal in all their members. */
export function isEqual(run: Run, one: Value, other: Value, level = 0): boolean {
  spend(run, 1);
  if (typeof one === "string") spend(run, one.length >> 4);
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (level > mostLevels || one instanceof Callable || other instanceof Callable) leave();
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((each, i) => isEqual(run, each, other[i], level + 1));
  }
  // JSONata compares an array with an object by their property names, `length` among them.
  if (isList(one) || isList(other)) leave();
  const keys = Object.keys(one);
  spend(run, keys.length);
  if (keys.length !== Object.keys(other).length || !keys.every((key) => Object.hasOwn(other, key))) return false;
  return keys.every((key) => isEqual(run, one[key], other[key], level + 1));
}
