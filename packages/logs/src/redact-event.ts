/** Takes secrets out of an event, member by member: what a member means is known by its name. */
import type { JsonValue } from "@serverlesspresso/ports";
import { redact } from "./redact.ts";
import { isSecretName } from "./redact-named.ts";

/** Operators may see task tokens: with one they answer for a workflow by hand. */
const shown = "tasktoken";

/** Returns an event as JSON text without its secrets, task tokens left in it. */
export function redactEvent(event: JsonValue): string {
  return JSON.stringify(clean(event, ""));
}

function clean(value: JsonValue, name: string): JsonValue {
  if (typeof value === "string") {
    if (name.toLowerCase() === shown) return value;
    return isSecretName(name) ? "[redacted]" : redact(value);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((element: JsonValue) => clean(element, ""));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [redact(key), clean(member, key)]));
}
