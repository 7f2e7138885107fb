/** Every failure an AWS caller of CloudWatch Logs would see. `name` and `code` are AWS's. */
export class LogsError extends Error {
  readonly code: LogsErrorCode;
  constructor(code: LogsErrorCode, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}
export type LogsErrorCode =
  | "ResourceNotFoundException"
  | "ResourceAlreadyExistsException"
  | "InvalidParameterException"
  | "TooManyTagsException"
  | "UnknownOperationException";
