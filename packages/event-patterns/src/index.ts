export { EventPatternError, type EventPatternErrorCode } from "./errors.ts";
export type { Event, EventEnvelope } from "./event.ts";
export { type EventPattern, matchesPattern, parsePattern } from "./event-pattern.ts";
export type { JsonObject, JsonValue } from "./json.ts";
export { indexPatterns, type PatternIndex } from "./pattern-index.ts";
export { testEventPattern } from "./test-event-pattern.ts";
