import type { JsonValue } from "@serverlesspresso/ports";
import { EventBusError } from "./errors.ts";
import { matchesPattern, parsePattern } from "./event-pattern.ts";

/**
 * EventBridge's TestEventPattern over the texts it is sent.
 * @throws {EventBusError} `InvalidEventPatternException`, or `ValidationException` where the event is no JSON object
 */
export function testEventPattern(patternText: string, eventText: string): boolean {
  const pattern = parsePattern(patternText);
  return matchesPattern(pattern, parseEvent(eventText));
}

function parseEvent(text: string): JsonValue {
  let event: JsonValue;
  try {
    event = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new EventBusError("ValidationException", "Parameter Event is not valid.", { cause });
  }
  if (event === null || typeof event !== "object" || Array.isArray(event))
    throw new EventBusError("ValidationException", "Parameter Event is not valid.");
  return event;
}
