import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { isJsonObject } from "./json.ts";

/** DynamoDB JSON, as in stream records, to plain values. Sets become lists; bytes stay in base64. */
export function plainValue(value: JsonValue): JsonValue {
  const [entry] = isJsonObject(value) ? Object.entries(value) : [];
  if (entry === undefined) return null;
  const [type, inner] = entry;
  switch (type) {
    case "N":
      return Number(inner);
    case "NS":
      return Array.isArray(inner) ? inner.map(Number) : [];
    case "NULL":
      return null;
    case "L":
      return Array.isArray(inner) ? inner.map(plainValue) : [];
    case "M":
      return isJsonObject(inner) ? plainImage(inner) : {};
    default:
      return inner;
  }
}

/** An item in DynamoDB JSON to plain values. */
export function plainImage(image: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, plainValue(value)]));
}
