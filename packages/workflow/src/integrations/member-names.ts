import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

type Change = "toLowerCase" | "toUpperCase";

/** Returns the same with the first letter of every member, however deep, in the other case. */
export function changeMembers<Value extends JsonValue>(value: Value, change: Change): Value;
export function changeMembers(value: JsonValue, change: Change): JsonValue {
  if (Array.isArray(value)) return value.map((one: JsonValue) => changeMembers(one, change));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value as JsonObject);
  return Object.fromEntries(members.map(([name, member]) => [changeFirst(name, change), changeMembers(member, change)]));
}

/** Returns the text with its first letter in the other case: `putRule` of `PutRule`. */
export function changeFirst(name: string, change: Change): string {
  return name.charAt(0)[change]() + name.slice(1);
}
