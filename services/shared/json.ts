/** JSON values, told apart by what they are. */
import type { JsonObject, JsonValue, PlainValue } from "@serverlesspresso/ports";
import { z } from "zod";

/** Returns whether a value is an object with members. */
export function isJsonObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** What comes as JSON and has members; the members are not looked at. */
export const AnyObject = z.custom<JsonObject>(isJsonObject, "must be an object");

/** Returns whether a stored value holds neither sets nor bytes, so that it can go out as JSON. */
export function isJson(value: PlainValue | undefined): value is JsonValue {
  if (value === undefined || value instanceof Set || value instanceof Uint8Array) return false;
  return value === null || typeof value !== "object" || Object.values(value).every(isJson);
}

/** Returns the JSON that a text is; undefined for a text that is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
