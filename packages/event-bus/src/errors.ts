import { AwsServiceError } from "@serverlesspresso/aws-service";

/** Every failure that a caller of EventBridge sees; what is wrong with a pattern is an `EventPatternError`. */
export class EventBusError extends AwsServiceError<EventBusErrorCode> {}
/** The codes of EventBridge that this package uses. */
export type EventBusErrorCode =
  | "ValidationException"
  | "ResourceNotFoundException"
  | "ResourceAlreadyExistsException"
  | "IllegalStatusException"
  | "LimitExceededException";

/** Returns the error for a request that EventBridge does not accept. */
export function invalid(message: string): EventBusError {
  return new EventBusError("ValidationException", message);
}
