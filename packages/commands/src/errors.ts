/** A call that names a flag, variable or operand with a value that will not do. The message names it, what it has and what was expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
