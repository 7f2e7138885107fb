/** The small part of JSONPath that EventBridge allows in `InputPath` and `InputPathsMap`: names, positions, and `[*]`. */
import type { JsonValue } from "@serverlesspresso/ports";

const step = /\.([^.[\]'"\s]+)|\[(?:'([^']*)'|"([^"]*)"|(\d+)|(\*))\]/y;

/** The steps of a path, numbers for positions and `"*"` marked by null; undefined where it is no path. */
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

export function isEventPath(path: string): boolean {
  return parsePath(path) !== undefined;
}

/** The value a path leads to, or undefined. */
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
