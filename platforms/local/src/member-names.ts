import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

type Change = "toLowerCase" | "toUpperCase";

/** The same with the first letter of every member, however deep, in the other case. */
export function changeMembers(value: JsonObject, change: Change): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [changeFirst(name, change), within(member, change)]));
}

function within(value: JsonValue, change: Change): JsonValue {
  if (Array.isArray(value)) return value.map((one: JsonValue) => within(one, change));
  return typeof value === "object" && value !== null ? changeMembers(value as JsonObject, change) : value;
}

/** `putRule` of `PutRule`. */
export function lowerFirst(name: string): string {
  return changeFirst(name, "toLowerCase");
}

function changeFirst(name: string, change: Change): string {
  return name.charAt(0)[change]() + name.slice(1);
}
