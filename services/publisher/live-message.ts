import type { EventEnvelope, JsonObject, JsonValue } from "@serverlesspresso/ports";

/** What goes to the clients of a topic: never with a task token, at whatever depth. */
export function liveMessage(envelope: EventEnvelope): JsonObject {
  return {
    id: envelope.id,
    time: envelope.time,
    type: envelope["detail-type"],
    detail: withoutTokens(envelope.detail),
  };
}

/** A copy without any member called `TaskToken`, in whatever case. */
export function withoutTokens(value: JsonValue): JsonValue {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withoutTokens);
  const kept = Object.entries(value as JsonObject).filter(([name]) => name.toLowerCase() !== "tasktoken");
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutTokens(inner)]));
}

/** A user id that can stand in a topic: no level, no wildcard. */
export function isTopicLevel(userId: string): boolean {
  return /^[\w.:@=-]{1,128}$/.test(userId);
}
