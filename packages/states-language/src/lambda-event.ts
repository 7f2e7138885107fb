import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** What `lambda:invoke` gives the function: the payload; a text that holds JSON as that JSON; nothing as an empty object. */
export function lambdaEvent({ Payload: payload }: JsonObject): JsonValue {
  if (payload === undefined || payload === null) return {};
  if (typeof payload !== "string") return payload;
  try {
    return JSON.parse(payload) as JsonValue;
  } catch {
    return payload;
  }
}
