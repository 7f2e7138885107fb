/** A failure an AWS caller of EventBridge sees; what is wrong with a pattern is an `EventPatternError`. `name` and `code` are AWS's, `message` is in AWS's words. */
export class EventBusError extends Error {
  readonly code: EventBusErrorCode;
  constructor(code: EventBusErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
    this.code = code;
  }
}
export type EventBusErrorCode =
  | "ValidationException"
  | "ResourceNotFoundException"
  | "ResourceAlreadyExistsException"
  | "IllegalStatusException"
  | "LimitExceededException"
  | "UnknownOperationException";
