/** A call that names a flag, variable or operand with a value that will not do. The message names it, what it has and what was expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Returns what `read` makes of a setting's value, where only the caller knows which values there are.
 * @param name under which the value was given
 * @throws {UsageError} in the words of the RangeError that `read` throws
 */
export function readSetting<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}
