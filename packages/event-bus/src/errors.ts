import { AwsServiceError } from "@serverlesspresso/aws-service";

/** Every failure that a caller of EventBridge sees; what is wrong with a pattern is an `EventPatternError`. */
export class EventBusError extends AwsServiceError<EventBusErrorCode> {}
/** EventBridge's codes that this package gives. */
export type EventBusErrorCode =
  | "ValidationException"
  | "ResourceNotFoundException"
  | "ResourceAlreadyExistsException"
  | "IllegalStatusException"
  | "LimitExceededException";

/** The error for a request that says what EventBridge does not take. */
export function invalid(message: string): EventBusError {
  return new EventBusError("ValidationException", message);
}
