/** What Lambda answers where a function cannot be invoked at all. `name` and `code` are AWS's. */
export class FunctionError extends Error {
  readonly code: FunctionErrorCode;
  constructor(code: FunctionErrorCode, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}
export type FunctionErrorCode = "ResourceNotFoundException" | "RequestTooLargeException";
