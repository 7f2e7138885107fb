/** The built-in functions on text. Patterns are texts: regular expressions are for the thread. */
import { leave, type Run, spend, spendText } from "../run.ts";
import { Callable, isDict, isList, isNumeric, mostLevels, type Value } from "../values.ts";
import type { Functions } from "./entry.ts";

/** The functions on text, by name. */
export const textFunctions: Functions = {
  string: ["<x-b?:s>", 1, ([value, isPretty], run) => textOfValue(run, value, isPretty === true ? 2 : 0)],
  length: ["<s-:n>", 1, ([text], run) => onText(run, text, (own) => Array.from(own).length)],
  lowercase: ["<s-:s>", 1, ([text], run) => onText(run, text, (own) => own.toLowerCase())],
  uppercase: ["<s-:s>", 1, ([text], run) => onText(run, text, (own) => own.toUpperCase())],
  trim: ["<s-:s>", 1, ([text], run) => onText(run, text, trimmed)],
  substring: ["<s-nn?:s>", 3, ([text, start, length], run) => onText(run, text, (own) => substring(own, start, length))],
  substringBefore: ["<s-s:s>", 2, ([text, chars], run) => onText(run, text, (own) => own.slice(0, placeOf(own, chars)?.[0]))],
  substringAfter: ["<s-s:s>", 2, ([text, chars], run) => onText(run, text, (own) => own.slice(placeOf(own, chars)?.[1] ?? 0))],
  contains: ["<s-(sf):b>", 2, ([text, sought], run) => contains(run, text, sought)],
  split: ["<s-(sf)n?:a<s>>", 3, ([text, separator, limit], run) => onText(run, text, (own) => split(run, own, separator, limit))],
  join: ["<a<s>s?:s>", 2, ([texts, separator], run) => join(run, texts, separator)],
  replace: ["<s-(sf)(sf)n?:s>", 4, ([text, pattern, by, limit], run) => onText(run, text, (own) => replace(run, own, pattern, by, limit))],
};

function onText(run: Run, text: Value, act: (text: string) => Value): Value {
  if (text === undefined) return undefined;
  if (typeof text !== "string") return leave();
  spendText(run, text.length * 4);
  return act(text);
}

function trimmed(text: string): string {
  const spaced = text.replace(/[ \t\n\r]+/g, " ");
  const from = spaced.startsWith(" ") ? 1 : 0;
  const cut = spaced.slice(from);
  return cut.endsWith(" ") ? cut.slice(0, -1) : cut;
}

function substring(text: string, start: Value, length: Value): Value {
  if (typeof start !== "number") return leave();
  const characters = Array.from(text);
  const from = characters.length + start < 0 ? 0 : start;
  if (length === undefined) return characters.slice(from).join("");
  if (typeof length !== "number") return leave();
  if (length <= 0) return "";
  return characters.slice(from, from >= 0 ? from + length : characters.length + from + length).join("");
}

/** Returns where the characters begin and end in the text; undefined if they are not in it. */
function placeOf(text: string, characters: Value): readonly [number, number] | undefined {
  if (typeof characters !== "string") return leave();
  const at = text.indexOf(characters);
  return at === -1 ? undefined : [at, at + characters.length];
}

function contains(run: Run, text: Value, sought: Value): Value {
  if (text === undefined || sought === undefined) return undefined;
  if (typeof text !== "string" || typeof sought !== "string") return leave();
  spendText(run, text.length);
  return text.includes(sought);
}

function split(run: Run, text: string, separator: Value, limit: Value): Value {
  if (typeof separator !== "string") return leave();
  if (limit !== undefined && !(typeof limit === "number" && limit >= 0)) return leave();
  if (limit !== undefined && limit <= 0) return [];
  const parts = text.split(separator, limit);
  spend(run, parts.length);
  return parts;
}

function join(run: Run, texts: Value, separator: Value = ""): Value {
  if (texts === undefined) return undefined;
  if (!isList(texts) || typeof separator !== "string") return leave();
  let length = 0;
  for (const text of texts) length += typeof text === "string" ? text.length + separator.length : leave();
  spendText(run, length + texts.length * 16);
  return texts.join(separator);
}

function replace(run: Run, text: string, pattern: Value, by: Value, limit: Value): Value {
  if (typeof pattern !== "string" || typeof by !== "string" || pattern === "") return leave();
  if (limit !== undefined && !(typeof limit === "number" && limit >= 0)) return leave();
  let [made, from, count] = ["", 0, 0];
  for (let at = text.indexOf(pattern); at !== -1 && (limit === undefined || count < limit); at = text.indexOf(pattern, from)) {
    spendText(run, at - from + by.length);
    made += text.slice(from, at) + by;
    from = at + pattern.length;
    count++;
  }
  return made + text.slice(from);
}

/** Returns a value as text; nothing for nothing. Numbers have 15 digits. */
export function textOfValue(run: Run, value: Value, space = 0): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  if (typeof value === "number") return isNumeric(value) ? String(rounded(value)) : leave();
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Callable) return "";
  spendWalk(run, value, 0);
  const text = JSON.stringify(value, (_key, each: unknown) => (typeof each === "number" ? rounded(each) : each), space);
  spendText(run, text.length);
  return text;
}

function rounded(number: number): number {
  return Number.isInteger(number) ? number : Number(number.toPrecision(15));
}

/** Takes the steps for a value that is written. @throws {Beyond} for a function, an infinite number or too many levels in it */
export function spendWalk(run: Run, value: Value, level: number): void {
  if (level > mostLevels || value instanceof Callable) leave();
  spend(run, typeof value === "string" ? 1 + (value.length >> 4) : 1);
  if (typeof value === "number") isNumeric(value);
  else if (isList(value)) for (const each of value) spendWalk(run, each, level + 1);
  else if (isDict(value)) {
    for (const [name, each] of Object.entries(value)) {
      spend(run, 1 + (name.length >> 4));
      spendWalk(run, each, level + 1);
    }
  }
}
