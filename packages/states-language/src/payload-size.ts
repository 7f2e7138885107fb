import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { mostLevels } from "./json-levels.ts";

/** The most UTF-8 bytes of JSON a state may take or give. */
export const mostPayloadBytes = 262_144;

/**
 * True where the value's JSON is longer than allowed, or nested deeper than can be walked. Parts of a value may be shared, so that its JSON is far
 * longer than what holds it: it is written out only where a bound from above is over the limit and one from below is not.
 */
export function isTooLarge(value: JsonValue, limit = mostPayloadBytes): boolean {
  if (bound(value, limit, most, 0) <= limit) return false;
  return bound(value, limit, least, 0) > limit || Buffer.byteLength(JSON.stringify(value)) > limit;
}

interface Scale {
  readonly perCharacter: number;
  readonly perScalar: number;
  readonly perContainer: number;
}
const most: Scale = { perCharacter: 6, perScalar: 25, perContainer: 2 };
const least: Scale = { perCharacter: 1, perScalar: 1, perContainer: 1 };

/** Bytes of the value's JSON, by a scale; stops counting beyond `limit`. */
function bound(value: JsonValue, limit: number, scale: Scale, level: number): number {
  if (typeof value === "string") return 2 + value.length * scale.perCharacter;
  if (typeof value !== "object" || value === null) return scale.perScalar;
  if (level >= mostLevels) return Number.POSITIVE_INFINITY;
  let bytes = scale.perContainer;
  if (Array.isArray(value)) {
    for (const each of value as readonly JsonValue[]) {
      bytes += 1 + bound(each, limit, scale, level + 1);
      if (bytes > limit) return bytes;
    }
    return bytes;
  }
  // Without the pairs that Object.entries would make: this walks every output of every state.
  for (const name in value) {
    bytes += 4 + name.length * scale.perCharacter + bound((value as JsonObject)[name] as JsonValue, limit, scale, level + 1);
    if (bytes > limit) return bytes;
  }
  return bytes;
}
