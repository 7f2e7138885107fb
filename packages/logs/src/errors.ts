import { AwsServiceError } from "@serverlesspresso/aws-service";

/** Every failure that a caller of CloudWatch Logs sees. */
export class LogsError extends AwsServiceError<LogsErrorCode> {}
/** CloudWatch Logs' codes that this package gives. */
export type LogsErrorCode =
  | "ResourceNotFoundException"
  | "ResourceAlreadyExistsException"
  | "InvalidParameterException"
  | "TooManyTagsException";

/** The error for a token that no page gave. */
export function invalidToken(): LogsError {
  return new LogsError("InvalidParameterException", "The specified nextToken is invalid.");
}
