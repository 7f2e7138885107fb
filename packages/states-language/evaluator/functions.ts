/**
 * The functions that AWS adds to JSONata, and those that it removes.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import { createHash } from "node:crypto";
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import type { JsonValue } from "@serverlesspresso/ports";
import jsonata from "jsonata";
import { failure, refuseLong } from "./bounds.ts";

const ids = createIds(createSystemClock());
const longestArray = 100_000;
const longestPadding = 2_000_000;
const multiplier = 0x5deece66dn;
const mask = (1n << 48n) - 1n;
const algorithms: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/** The signatures of AWS's functions, and what they do. */
export const awsFunctions = {
  partition: ["<an:a>", partition],
  range: ["<nnn:a<n>>", range],
  pad: ["<s-ns?:s>", pad],
  hash: ["<xs:s>", hash],
  random: ["<n?:n>", random],
  uuid: ["<:s>", () => ids.uuid()],
  parse: ["<s-:x>", parse],
} as const;

/** Adds AWS's functions to a compiled expression. `nowMs` gives `$now` and `$millis` the system's own time. */
export function addFunctions(expression: jsonata.Expression, nowMs: () => number): void {
  for (const [name, [signature, act]] of Object.entries(awsFunctions)) expression.registerFunction(name, act, signature);
  expression.registerFunction("millis", () => nowMs(), "<:n>");
  expression.registerFunction("now", (picture?: string, zone?: string) => formatted(nowMs(), picture, zone), "<s?s?:s>");
  expression.assign("eval", undefined);
}

function parse(text: string): JsonValue {
  refuseLong("What $parse reads", text);
  return JSON.parse(text) as JsonValue;
}

function partition<T>(values: readonly T[], size: number): T[][] {
  const step = Math.round(size);
  if (step < 1) throw failure("D3137", "the chunk size of $partition must be above 0");
  const parts: T[][] = [];
  for (let i = 0; i < values.length; i += step) parts.push(values.slice(i, i + step));
  return parts;
}

/** Rounds numbers to the nearest integer, as `States.ArrayRange` does. */
function range(from: number, to: number, by: number): number[] {
  const [first, last, step] = [Math.round(from), Math.round(to), Math.round(by)];
  if (step === 0) throw failure("D3137", "the step of $range must not be 0");
  if ((last - first) / step >= longestArray) throw failure("D2014", `$range must not give more than ${longestArray} numbers`);
  const numbers: number[] = [];
  for (let n = first; step > 0 ? n <= last : n >= last; n += step) numbers.push(n);
  return numbers;
}

/** Replaces JSONata's own `$pad`, which first builds a list as long as the padding. Lengths count code points. */
function pad(text: string | undefined, width: number, char?: string): string | undefined {
  if (text === undefined) return undefined;
  refuseLong("What $pad pads", text);
  const missing = Math.abs(Math.trunc(width)) - Array.from(text).length;
  if (!(missing > 0)) return text;
  if (missing > longestPadding) throw failure("D3137", `$pad must not add more than ${longestPadding} characters`);
  const signs = Array.from(char || " ");
  const padding = signs.join("").repeat(Math.floor(missing / signs.length)) + signs.slice(0, missing % signs.length).join("");
  return width > 0 ? text + padding : padding + text;
}

function hash(data: unknown, algorithm: string): string {
  if (typeof data === "string") refuseLong("What $hash reads", data);
  const name = algorithms[algorithm];
  if (name === undefined) throw failure("D3137", `$hash knows no algorithm "${algorithm}"`);
  return createHash(name)
    .update(typeof data === "string" ? data : JSON.stringify(data))
    .digest("hex");
}

/** Returns, with a seed, the first number of Java's generator, as AWS does. @see https://docs.oracle.com/javase/8/docs/api/java/util/Random.html */
function random(seed?: number): number {
  if (seed === undefined) return ids.random();
  let state = (BigInt(Math.trunc(seed)) ^ multiplier) & mask;
  const next = (bits: bigint): bigint => {
    state = (state * multiplier + 0xbn) & mask;
    return state >> (48n - bits);
  };
  return Number((next(26n) << 27n) + next(27n)) / 2 ** 53;
}

const format = jsonata("$fromMillis($at, $picture, $zone)");
function formatted(at: number, picture?: string, zone?: string): Promise<unknown> {
  return format.evaluate(undefined, { at, picture, zone });
}
