import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** Returns the event that `lambda:invoke` sends: the payload, with a text of JSON parsed; an empty object without a payload. */
export function lambdaEvent({ Payload: payload }: JsonObject): JsonValue {
  if (payload === undefined || payload === null) return {};
  if (typeof payload !== "string") return payload;
  try {
    return JSON.parse(payload) as JsonValue;
  } catch {
    return payload;
  }
}
