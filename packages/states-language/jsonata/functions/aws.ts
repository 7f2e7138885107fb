/** AWS's functions, and the time. What they do stands with the thread's; here their cost is known before they begin. */
import { awsFunctions } from "../../evaluator/functions.ts";
import { leave, type Run, spend, spendText } from "../run.ts";
import { isList, type Value } from "../values.ts";
import type { Functions } from "./entry.ts";
import { spendWalk } from "./texts.ts";

const timestamp = /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-][0-2]\d:[0-5]\d)$/;
const { partition, range, pad, hash, random, uuid, parse } = awsFunctions;

/** AWS's functions and those of time, by name. */
export const functionsOfAws: Functions = {
  partition: [partition[0], 2, ([list, size], run) => partitioned(run, list, size)],
  range: [range[0], 3, ([from, to, by], run) => rangeOf(run, numberOf(from), numberOf(to), numberOf(by))],
  pad: [pad[0], 3, ([text, width, char], run) => padded(run, text, numberOf(width), char)],
  hash: [hash[0], 2, ([value, algorithm], run) => hashed(run, value, algorithm)],
  random: [random[0], 1, ([seed]) => random[1](seed === undefined ? undefined : numberOf(seed))],
  uuid: [uuid[0], 0, () => uuid[1]()],
  parse: [parse[0], 1, ([text], run) => parsed(run, text)],
  millis: ["<:n>", 0, (_args, run) => run.nowMs()],
  now: ["<s?s?:s>", 2, ([picture, zone], run) => (picture === undefined && zone === undefined ? timestampOf(run.nowMs()) : leave())],
  toMillis: ["<s-s?:n>", 2, ([text, picture]) => (picture === undefined ? millisOf(text) : leave())],
  fromMillis: ["<n-s?s?:s>", 3, ([millis, picture, zone]) => (picture === undefined && zone === undefined ? timestampOf(millis) : leave())],
};

function numberOf(value: Value): number {
  return typeof value === "number" && Number.isFinite(value) ? value : leave();
}

function partitioned(run: Run, list: Value, size: Value): Value {
  if (!isList(list)) return leave();
  spend(run, list.length * 2);
  return orLeave(() => partition[1](list, numberOf(size)));
}

function rangeOf(run: Run, from: number, to: number, by: number): Value {
  // Rounded, its end may be one step further.
  const length = (Math.round(to) - Math.round(from)) / Math.round(by);
  spend(run, length > 0 ? length + 1 : 1);
  return orLeave(() => range[1](from, to, by));
}

function padded(run: Run, text: Value, width: number, char: Value): Value {
  if (text === undefined) return undefined;
  if (typeof text !== "string" || (char !== undefined && typeof char !== "string")) return leave();
  spend(run, text.length + Math.abs(width));
  return orLeave(() => pad[1](text, width, char));
}

function hashed(run: Run, value: Value, algorithm: Value): Value {
  if (typeof algorithm !== "string" || value === undefined) return leave();
  spendWalk(run, value, 0);
  return orLeave(() => hash[1](value, algorithm));
}

function parsed(run: Run, text: Value): Value {
  if (typeof text !== "string") return leave();
  spendText(run, text.length * 4);
  return orLeave(() => parse[1](text));
}

/** Errors are the thread's. */
function orLeave(act: () => Value): Value {
  try {
    return act();
  } catch {
    return leave();
  }
}

/** The timestamp in the form without a picture, where the year has four digits. */
function timestampOf(millis: Value): Value {
  if (millis === undefined) return undefined;
  const at = new Date(numberOf(millis));
  return at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9_999 ? at.toISOString() : leave();
}

/** The instant of a timestamp with date, time and zone; other forms are for the thread. */
function millisOf(text: Value): Value {
  if (text === undefined) return undefined;
  if (typeof text !== "string" || !timestamp.test(text)) return leave();
  return Date.parse(text);
}
