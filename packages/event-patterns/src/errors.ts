/** Every failure of this package. `name` and `code` are EventBridge's, `message` is in its words. */
export class EventPatternError extends Error {
  readonly code: EventPatternErrorCode;
  constructor(code: EventPatternErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
    this.code = code;
  }
}
/** `ValidationException`: TestEventPattern got an event that is no envelope. */
export type EventPatternErrorCode = "InvalidEventPatternException" | "ValidationException";
