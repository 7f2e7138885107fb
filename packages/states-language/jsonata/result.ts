/** What an evaluation gives: plain JSON, as if it had gone through text. */
import type { JsonValue } from "@serverlesspresso/ports";
import { setMember } from "../src/frame.ts";
import { leave, type Run, spend } from "./run.ts";
import { Callable, isList, mostLevels, type Value } from "./values.ts";

/**
 * Returns a value as JSON: NaN and infinite numbers become null, nothing in a list as well. Data stay the values that they are, but each is counted where
 * it stands: an expression may name the same data a thousand times.
 * @throws {Beyond} for a function
 */
export function resultOf(run: Run, value: Value): JsonValue | undefined {
  return value === undefined ? undefined : jsonOf(run, value, 0);
}

function jsonOf(run: Run, value: Value, level: number): JsonValue {
  spend(run, 1);
  if (typeof value === "string") return textOf(run, value);
  // JSON has one zero.
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (typeof value !== "object" || value === null) return value ?? null;
  if (level > mostLevels || value instanceof Callable) return leave();
  if (isList(value)) return value.map((each) => jsonOf(run, each, level + 1));
  const made: { [key: string]: JsonValue } = {};
  for (const name of Object.keys(value)) {
    const each = value[name];
    if (each !== undefined) setMember(made, textOf(run, name), jsonOf(run, each, level + 1));
  }
  return made;
}

function textOf(run: Run, text: string): string {
  if (text.length > 16) spend(run, text.length >> 4);
  return text;
}
