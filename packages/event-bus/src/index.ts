export { EventBusError, type EventBusErrorCode } from "./errors.ts";
export { type EventPattern, matchesPattern, parsePattern } from "./event-pattern.ts";
export { testEventPattern } from "./test-event-pattern.ts";
