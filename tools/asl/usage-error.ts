/** The call or a file is not what it should be. The message names the thing, what it has and what was expected; no stack is shown. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
