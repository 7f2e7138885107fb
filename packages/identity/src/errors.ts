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
  | "UnknownOperationException"
  | "UnsupportedTokenTypeException"
  | "UserNotConfirmedException"
  | "UserNotFoundException"
  | "UsernameExistsException";

/** Every failure of this package, as a caller of Cognito would see it. */
export class IdentityError extends Error {
  override readonly name: IdentityErrorCode;
  readonly code: IdentityErrorCode;
  /** Where a limit was reached: when to come again. */
  readonly retryAfterSeconds: number | undefined;
  constructor(code: IdentityErrorCode, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = code;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The file of the signing keys is not as it was written. The message names it and what to do. */
export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
  readonly code = "Damaged";
}

/** Not a wrong password: it was not checked. */
export function busy(): IdentityError {
  return new IdentityError(
    "TooManyRequestsException",
    "Too many people sign in at this moment; nothing was checked. Try again shortly.",
    5,
  );
}

/** The one answer to whatever is wrong with a sign-in: it does not tell whether there is such a user. */
export function incorrectSignIn(): IdentityError {
  return new IdentityError("NotAuthorizedException", "Incorrect username or password.");
}
