/** Every failure an AWS caller of EventBridge would see. `name` and `code` are AWS's, `message` is in AWS's words. */
export class EventBusError extends Error {
  readonly code: EventBusErrorCode;
  constructor(code: EventBusErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
    this.code = code;
  }
}
export type EventBusErrorCode =
  | "InvalidEventPatternException"
  | "ValidationException"
  | "ResourceNotFoundException"
  | "ResourceAlreadyExistsException"
  | "IllegalStatusException"
  | "LimitExceededException"
  | "UnknownOperationException";
