/**
 * The intrinsic functions of the Amazon States Language.
 *
 * I1. Each function charges what it makes to the budget of the expression (budget.ts).
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */
import { createHash } from "node:crypto";
import type { JsonValue } from "@serverlesspresso/ports";
import { type Budget, jsonWithin, spend, spendMembers, spendWritten } from "./budget.ts";
import type { Environment } from "./decision.ts";
import { isObject, setMember } from "./frame.ts";
import { levelsOf, mostLevels } from "./json-levels.ts";
import { sameJson } from "./json-path-compare.ts";

/** An intrinsic function and the number of arguments it takes, from `fewest` to `most`. */
export interface Intrinsic {
  readonly fewest: number;
  readonly most: number;
  /** Returns the value. @throws {Error} with the reason if the arguments do not fit */
  call(values: readonly JsonValue[], env: Environment, budget: Budget): JsonValue;
}

const longestText = 10_000;
const longestRange = 1_000;
const algorithms: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

const of = (fewest: number, most: number, call: Intrinsic["call"]): Intrinsic => ({ fewest, most, call });

/** The intrinsic functions by name, without `States.`. */
export const intrinsics: ReadonlyMap<string, Intrinsic> = new Map(
  Object.entries({
    Format: of(1, Number.POSITIVE_INFINITY, ([template, ...values], _env, budget) => format(text(template, "template"), values, budget)),
    StringToJson: of(1, 1, ([value], _env, budget) => parse(text(value, "value"), budget)),
    JsonToString: of(1, 1, ([value], _env, budget) => jsonWithin(budget, value as JsonValue)),
    Array: of(0, Number.POSITIVE_INFINITY, (values) => values),
    ArrayPartition: of(2, 2, ([list, size], _env, budget) => partition(paid(array(list), budget), whole(size))),
    ArrayContains: of(2, 2, ([list, value], _env, budget) => array(list).some((each) => sameJson(each, value, budget))),
    ArrayRange: of(3, 3, ([first, last, step], _env, budget) => paid(range(whole(first), whole(last), whole(step)), budget)),
    ArrayGetItem: of(2, 2, ([list, index]) => item(array(list), whole(index))),
    ArrayLength: of(1, 1, ([list]) => array(list).length),
    ArrayUnique: of(1, 1, ([list], _env, budget) => unique(paid(array(list), budget), budget)),
    Base64Encode: of(1, 1, ([data]) => Buffer.from(bounded(data), "utf8").toString("base64")),
    Base64Decode: of(1, 1, ([data]) => decode(bounded(data))),
    Hash: of(2, 2, ([data, algorithm], _env, budget) => hash(data as JsonValue, text(algorithm, "algorithm"), budget)),
    JsonMerge: of(3, 3, ([first, second, deep], _env, budget) => merge(first, second, deep, budget)),
    MathRandom: of(2, 3, ([from, to, seed], env) => random(whole(from), whole(to), seed, env)),
    MathAdd: of(2, 2, ([first, second]) => whole(first) + whole(second)),
    StringSplit: of(2, 2, ([value, characters], _env, budget) => split(text(value, "string"), text(characters, "splitter"), budget)),
    UUID: of(0, 0, (_values, env) => env.uuid()),
  }),
);

function text(value: JsonValue | undefined, what: string): string {
  if (typeof value !== "string") throw new Error(`the ${what} must be a string but was: ${told(value)}`);
  return value;
}

/** A wrong argument in a message: what holds much is not written out, it may hold a payload many times over. */
function told(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return isObject(value) ? "an object" : JSON.stringify(value);
}

function bounded(value: JsonValue | undefined): string {
  const data = text(value, "data");
  if (data.length > longestText) throw new Error(`the data must be at most ${longestText} characters long`);
  return data;
}

function paid<T>(list: readonly T[], budget: Budget): readonly T[] {
  spend(budget, list.length);
  return list;
}

function array(value: JsonValue | undefined): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new Error(`the argument must be an array but was: ${told(value)}`);
  return value as readonly JsonValue[];
}

/** Numbers are rounded to the nearest whole one, halves up. */
function whole(value: JsonValue | undefined): number {
  if (typeof value !== "number") throw new Error(`the argument must be a number but was: ${told(value)}`);
  return Math.round(value);
}

function format(template: string, values: readonly JsonValue[], budget: Budget): string {
  let next = 0;
  const formatted = template.replace(/\\([{}])|\{\}/g, (_match, brace: string | undefined) => {
    if (brace !== undefined) return brace;
    if (next >= values.length) throw new Error("the template has more places than there are arguments");
    return shown(values[next++] as JsonValue, false, budget);
  });
  if (next < values.length) throw new Error("there are more arguments than places in the template");
  return formatted;
}

/** Values look as Java prints them: `{a=1, b=[x]}`. */
function shown(value: JsonValue, nested: boolean, budget: Budget): string {
  spendWritten(budget, typeof value === "string" ? value.length : 0);
  if (Array.isArray(value)) return `[${value.map((each: JsonValue) => shown(each, true, budget)).join(", ")}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([name, each]) => {
        spendWritten(budget, name.length);
        return `${name}=${shown(each, true, budget)}`;
      })
      .join(", ")}}`;
  }
  return typeof value === "string" ? value : nested ? String(value) : JSON.stringify(value);
}

function parse(json: string, budget: Budget): JsonValue {
  spendWritten(budget, json.length);
  if (levelsOf(json) > mostLevels) throw new Error(`the string has more than ${mostLevels} levels`);
  try {
    return JSON.parse(json) as JsonValue;
  } catch {
    throw new Error("the string is not valid JSON");
  }
}

function partition(list: readonly JsonValue[], size: number): JsonValue[][] {
  if (size < 1) throw new Error(`the chunk size must be above 0 but was: ${size}`);
  const chunks: JsonValue[][] = [];
  for (let at = 0; at < list.length; at += size) chunks.push(list.slice(at, at + size));
  return chunks;
}

/** By their count, not by adding up: beyond 2⁵³ a step may lead nowhere. */
function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new Error("the step must not be 0");
  const count = Math.floor((last - first) / step) + 1;
  if (!(count <= longestRange)) throw new Error(`the array must not hold more than ${longestRange} numbers`);
  return Array.from({ length: Math.max(count, 0) }, (_, at) => first + at * step);
}

function item(list: readonly JsonValue[], index: number): JsonValue {
  const found = index < 0 ? undefined : list[index];
  if (found === undefined) throw new Error(`the index ${index} is outside of the array of length ${list.length}`);
  return found;
}

function unique(list: readonly JsonValue[], budget: Budget): JsonValue[] {
  const found: JsonValue[] = [];
  const scalars = new Set<JsonValue>();
  for (const value of list) {
    const known = typeof value === "object" && value !== null ? found.some((each) => sameJson(each, value, budget)) : scalars.has(value);
    if (known) continue;
    scalars.add(value);
    found.push(value);
  }
  return found;
}

function decode(data: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data) || data.length % 4 === 1) throw new Error("the data is not valid Base64");
  return Buffer.from(data, "base64").toString("utf8");
}

function hash(data: JsonValue, algorithm: string, budget: Budget): string {
  const name = algorithms[algorithm];
  if (name === undefined) throw new Error(`the algorithm must be one of ${Object.keys(algorithms).join(", ")} but was: ${algorithm}`);
  const content = typeof data === "string" ? data : jsonWithin(budget, data);
  if (content.length > longestText) throw new Error(`the data must be at most ${longestText} characters long`);
  return createHash(name).update(content).digest("hex");
}

function merge(first: JsonValue | undefined, second: JsonValue | undefined, deep: JsonValue | undefined, budget: Budget): JsonValue {
  if (!isObject(first) || !isObject(second)) throw new Error("both values to merge must be objects");
  if (deep !== false) throw new Error("deep merging is not supported: the third argument must be false");
  for (const object of [first, second]) spendMembers(budget, Object.keys(object).length);
  const merged: { [key: string]: JsonValue } = { ...first };
  for (const [name, value] of Object.entries(second)) setMember(merged, name, value);
  return merged;
}

/** From `from` up to but not including `to`; a seed gives the same number every time (mulberry32). */
function random(from: number, to: number, seed: JsonValue | undefined, env: Environment): number {
  if (from >= to) throw new Error("the start must be below the end");
  const share = seed === undefined ? env.random() : seeded(whole(seed));
  return from + Math.floor(share * (to - from));
}

function seeded(seed: number): number {
  let t = (seed + 0x6d2b79f5) | 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

/** Splits at every one of `characters`; empty parts are left out. */
function split(value: string, characters: string, budget: Budget): string[] {
  spend(budget, value.length + characters.length);
  const separators = new Set(characters);
  const parts: string[] = [];
  let part = "";
  for (const character of value) {
    if (!separators.has(character)) part += character;
    else {
      if (part !== "") parts.push(part);
      part = "";
    }
  }
  if (part !== "") parts.push(part);
  return parts;
}
