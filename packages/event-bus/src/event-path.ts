/**
 * The part of JSONPath that EventBridge allows in `InputPath` and `InputPathsMap`: names, indexes and `[*]`.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
import type { JsonValue } from "@serverlesspresso/ports";

const step = /\.([^.[\]'"\s]+)|\[(?:'([^']*)'|"([^"]*)"|(\d+)|(\*))\]/y;

/** Returns true if EventBridge accepts the text as a path. */
export function isEventPath(path: string): boolean {
  return parsePath(path) !== undefined;
}

/** Returns the steps of a path: names, numbers for indexes, and null for `[*]`; undefined if the text is not a path. */
function parsePath(path: string): readonly (string | number | null)[] | undefined {
  if (!path.startsWith("$")) return undefined;
  const steps: (string | number | null)[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (found === null) return undefined;
    const [, dotted, single, double, position] = found;
    steps.push(dotted ?? single ?? double ?? (position === undefined ? null : Number(position)));
  }
  return steps;
}

/** Returns the value at a path; undefined if the event has no such value. */
export function readPath(event: JsonValue, path: string): JsonValue | undefined {
  const steps = parsePath(path);
  if (steps === undefined) return undefined;
  return steps.reduce<JsonValue | undefined>((value, name) => {
    if (value === undefined || value === null || typeof value !== "object") return undefined;
    if (name === null) return Array.isArray(value) ? value : undefined;
    if (Array.isArray(value)) return typeof name === "number" ? value[name] : undefined;
    return Object.hasOwn(value, name) ? (value as { readonly [key: string]: JsonValue })[name] : undefined;
  }, event);
}
