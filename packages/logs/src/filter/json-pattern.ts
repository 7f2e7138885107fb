/** Patterns for lines that are JSON. */
import type { JsonValue } from "@serverlesspresso/ports";
import { type Comparison, type Condition, parseComparison, parseEither, type Scalar } from "./conditions.ts";
import type { Cursor } from "./cursor.ts";

/**
 * Reads a pattern for JSON lines: `{ $.level = "error" && $.ms > 5 }`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseJsonPattern(cursor: Cursor): Condition<string> {
  cursor.expect(/\{/y, "{");
  const holds = parseEither(cursor, () => parseCondition(cursor));
  cursor.expect(/\}/y, "&&, || or }");
  cursor.expectEnd();
  return (message) => {
    const value = parseJson(message);
    return value !== undefined && holds(value);
  };
}

function parseCondition(cursor: Cursor): Condition<JsonValue> {
  const steps = parseSelector(cursor);
  const is = (test: (found: JsonValue) => boolean): Condition<JsonValue> => {
    return (value) => select(value, steps).some(test);
  };
  if (cursor.take(/NOT\s+EXISTS\b/iy) !== undefined) return (value) => select(value, steps).length === 0;
  if (cursor.take(/IS\b/iy) !== undefined) {
    const word = cursor.expect(/(?:TRUE|FALSE|NULL)\b/iy, "TRUE, FALSE or NULL").toUpperCase();
    const want = word === "NULL" ? null : word === "TRUE";
    return is((found) => found === want);
  }
  const compare: Comparison | undefined = parseComparison(cursor);
  if (compare === undefined) throw cursor.fail("a comparison, IS or NOT EXISTS");
  return is((found) => isScalar(found) && compare(found));
}

/** The keys and indexes of a selector; `*` takes all elements of an array. */
type Step = string | number | typeof every;
const every = Symbol("every element");

function parseSelector(cursor: Cursor): readonly Step[] {
  cursor.expect(/\$/y, "a selector that begins with $, or (");
  const steps: Step[] = [];
  for (let step = cursor.take(stepPattern); step !== undefined; step = cursor.take(stepPattern)) steps.push(stepOf(step));
  if (steps.length === 0) throw cursor.fail("a property such as .name");
  return steps;
}

const stepPattern = /\.[\w-]+|\.?\[(?:\d{1,9}|\*|'[^']*'|"[^"]*")\]/y;

function stepOf(text: string): Step {
  const inner = /^\.?\[(.*)\]$/s.exec(text)?.[1];
  if (inner === undefined) return text.slice(1);
  if (inner === "*") return every;
  return /^\d/.test(inner) ? Number(inner) : inner.slice(1, -1);
}

/** What a selector finds; nothing where it leads nowhere. */
function select(value: JsonValue, steps: readonly Step[]): readonly JsonValue[] {
  return steps.reduce<readonly JsonValue[]>((found, step) => found.flatMap((at) => selectOne(at, step)), [value]);
}

function selectOne(at: JsonValue, step: Step): readonly JsonValue[] {
  if (Array.isArray(at)) {
    if (step === every) return at as readonly JsonValue[];
    return typeof step === "number" && step < at.length ? [at[step] as JsonValue] : [];
  }
  if (typeof at !== "object" || at === null || typeof step !== "string" || !Object.hasOwn(at, step)) return [];
  return [(at as { readonly [key: string]: JsonValue })[step] as JsonValue];
}

function isScalar(value: JsonValue): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function parseJson(message: string): JsonValue | undefined {
  try {
    return JSON.parse(message) as JsonValue;
  } catch {
    return undefined;
  }
}
