import { AwsServiceError } from "@serverlesspresso/aws-service";

/** Cognito's error codes that this package gives. */
export type IdentityErrorCode =
  | "CodeMismatchException"
  | "ExpiredCodeException"
  | "GroupExistsException"
  | "InvalidParameterException"
  | "InvalidPasswordException"
  | "LimitExceededException"
  | "NotAuthorizedException"
  | "PasswordResetRequiredException"
  | "ResourceNotFoundException"
  | "TooManyRequestsException"
  | "UserNotConfirmedException"
  | "UserNotFoundException"
  | "UsernameExistsException";

/** Every failure of this package, as a caller of Cognito would see it. Where a limit was reached it says when to come again. */
export class IdentityError extends AwsServiceError<IdentityErrorCode> {}

/** The file of the signing keys is not as it was written. The message names it and what to do. */
export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
  readonly code = "Damaged";
}

/** The error for a request that says what Cognito does not take. */
export function invalid(message: string): IdentityError {
  return new IdentityError("InvalidParameterException", message);
}

/** Not a wrong password: it was not checked. */
export function busy(): IdentityError {
  return new IdentityError("TooManyRequestsException", "Too many people sign in at this moment; nothing was checked. Try again shortly.", {
    retryAfterSeconds: 5,
  });
}

/** The one answer to whatever is wrong with a sign-in: it does not tell whether there is such a user. */
export function incorrectSignIn(): IdentityError {
  return new IdentityError("NotAuthorizedException", "Incorrect username or password.");
}
