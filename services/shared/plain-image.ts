import type { JsonValue } from "@serverlesspresso/ports";

/** DynamoDB JSON, as in stream records, to plain values. Sets become lists; bytes stay in base64. */
export function plainValue(value: JsonValue): JsonValue {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const [entry] = Object.entries(value);
  if (entry === undefined) return null;
  const [type, inner] = entry as [string, JsonValue];
  switch (type) {
    case "N":
      return Number(inner);
    case "NS":
      return (inner as readonly string[]).map(Number);
    case "NULL":
      return null;
    case "L":
      return (inner as readonly JsonValue[]).map(plainValue);
    case "M":
      return plainImage(inner);
    default:
      return inner;
  }
}

/** An item in DynamoDB JSON to plain values; `{}` where there is none. */
export function plainImage(image: JsonValue | undefined): { readonly [key: string]: JsonValue } {
  if (image === undefined || image === null || typeof image !== "object") return {};
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, plainValue(value as JsonValue)]));
}
