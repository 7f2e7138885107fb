import { EventPatternError } from "./errors.ts";
import { matchesPattern, parsePattern } from "./event-pattern.ts";
import type { JsonValue } from "./json.ts";

/** What TestEventPattern wants an event to have. */
const mandatory = ["id", "account", "source", "time", "region", "detail-type"];

/**
 * EventBridge's TestEventPattern over the texts it is sent.
 * @throws {EventPatternError} `InvalidEventPatternException`, or `ValidationException` where the event is no envelope
 */
export function testEventPattern(patternText: string, eventText: string): boolean {
  const pattern = parsePattern(patternText);
  return matchesPattern(pattern, parseEvent(eventText));
}

function parseEvent(text: string): JsonValue {
  const invalid = (cause?: unknown): EventPatternError =>
    new EventPatternError("ValidationException", "Parameter Event is not valid.", { cause });
  let event: JsonValue;
  try {
    event = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw invalid(cause);
  }
  if (event === null || typeof event !== "object" || mandatory.some((name) => !Object.hasOwn(event, name))) throw invalid();
  return event;
}
