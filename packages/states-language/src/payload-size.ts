import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { mostLevels } from "./json-levels.ts";

/**
 * The most bytes of JSON, in UTF-8, that the input or output of a state may have.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const mostPayloadBytes = 262_144;

/**
 * Returns true if the value's JSON is longer than allowed or nested too deep. Values may share parts, so the JSON can be far longer than the value:
 * it is written only if an upper bound exceeds the limit and a lower bound does not.
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

/** Returns a bound of the bytes of the value's JSON, by a scale; stops counting beyond `limit`. */
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
  // Without the pairs of Object.entries, because this walks every output of every state.
  for (const name in value) {
    bytes += 4 + name.length * scale.perCharacter + bound((value as JsonObject)[name] as JsonValue, limit, scale, level + 1);
    if (bytes > limit) return bytes;
  }
  return bytes;
}
