import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** The most UTF-8 bytes of JSON a state may take or give. */
export const mostPayloadBytes = 262_144;

/** True where the value's JSON is longer than allowed. Most values are told by a quick upper bound. */
export function isTooLarge(value: JsonValue, limit = mostPayloadBytes): boolean {
  return upperBound(value, limit) > limit && Buffer.byteLength(JSON.stringify(value)) > limit;
}

/** At least the bytes of the value's JSON; stops counting beyond `limit`. */
function upperBound(value: JsonValue, limit: number): number {
  if (typeof value === "string") return 2 + value.length * 6;
  if (typeof value !== "object" || value === null) return 25;
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const each of value as readonly JsonValue[]) {
      bytes += 1 + upperBound(each, limit);
      if (bytes > limit) return bytes;
    }
    return bytes;
  }
  // Without the pairs that Object.entries would make: this walks every output of every state.
  for (const name in value) {
    bytes += 4 + name.length * 6 + upperBound((value as JsonObject)[name] as JsonValue, limit);
    if (bytes > limit) return bytes;
  }
  return bytes;
}
