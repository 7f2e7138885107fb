import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Received } from "../edges/envelope.ts";
import { isJsonObject } from "../shared/json.ts";

/** What goes to the clients of a topic: never with a task token, at whatever depth. */
export function liveMessage({ id, time, detailType, detail }: Pick<Received, "id" | "time" | "detailType" | "detail">): JsonObject {
  return { id, time, type: detailType, detail: withoutTokens(detail) };
}

/** A copy without any member called `TaskToken`, in whatever case. */
export function withoutTokens(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutTokens);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => name.toLowerCase() !== "tasktoken");
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutTokens(inner)]));
}

/** A user id that can stand in a topic: no level, no wildcard. */
export function isTopicLevel(userId: string): boolean {
  return /^[\w.:@=-]{1,128}$/.test(userId);
}
