import type { JsonObject } from "@serverlesspresso/ports";

/** What an error carries beside its code and message. */
export interface ErrorDetails extends ErrorOptions {
  /** Further members of the answer, e.g. `CancellationReasons`. */
  readonly data?: JsonObject;
  /** Real seconds after which a call may be tried again; the answer's header `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/**
 * Any failure that a caller of AWS sees. `name` and `code` are AWS's, `message` is in AWS's words.
 * A package derives one class from it, with the codes that it gives: `class LogsError extends AwsServiceError<"ResourceNotFoundException"> {}`.
 */
export class AwsServiceError<Code extends string = string> extends Error {
  override readonly name: Code;
  readonly code: Code;
  readonly data: JsonObject;
  readonly retryAfterSeconds: number | undefined;
  constructor(code: Code, message: string, { data = {}, retryAfterSeconds, ...options }: ErrorDetails = {}) {
    super(message, options);
    this.name = code;
    this.code = code;
    this.data = data;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
