import { AwsServiceError } from "@serverlesspresso/aws-service";

/** Every failure that a caller of Lambda sees. */
export class FunctionError extends AwsServiceError<FunctionErrorCode> {}
/** Lambda's codes that this package gives. */
export type FunctionErrorCode =
  | "InvalidParameterValueException"
  | "InvalidRequestContentException"
  | "ResourceNotFoundException"
  | "TooManyRequestsException"
  | "RequestTooLargeException";
