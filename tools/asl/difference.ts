/** Where an output is not the one expected. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** The first place, in words; undefined where the two are equal. Members of objects may stand in any order. */
export function differenceBetween(expected: JsonValue, got: JsonValue, at = "output"): string | undefined {
  if (isObject(expected) && isObject(got)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(got)]);
    return first([...names], (name) => differenceOf(expected[name], got[name], `${at}.${name}`));
  }
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    return first([...expected.keys()], (i) => differenceBetween(expected[i] as JsonValue, got[i] as JsonValue, `${at}[${i}]`));
  }
  return JSON.stringify(expected) === JSON.stringify(got)
    ? undefined
    : `${at} is ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`;
}

function differenceOf(expected: JsonValue | undefined, got: JsonValue | undefined, at: string): string | undefined {
  if (expected === undefined) return `${at} is ${JSON.stringify(got)}, expected not to be there`;
  if (got === undefined) return `${at} is not there, expected ${JSON.stringify(expected)}`;
  return differenceBetween(expected, got, at);
}

function first<T>(all: readonly T[], difference: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const found = difference(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
