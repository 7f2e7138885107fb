/** Returns whether a write's own condition did not hold, or another write was in its way. */
export function isLostRace(error: unknown): boolean {
  return isNamed(error, "ConditionalCheckFailedException") || isNamed(error, "TransactionCanceledException");
}

/** Returns undefined for a lost race; throws every other error again. */
export function unlessLostRace(error: unknown): undefined {
  if (!isLostRace(error)) throw error;
}

/** Returns whether an error of a port has this code of AWS's. */
export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/** Returns the code of each item of a cancelled transaction, or undefined for any other error. */
export function cancellationCodes(error: unknown): readonly string[] | undefined {
  if (!isNamed(error, "TransactionCanceledException")) return undefined;
  const { cancellationReasons } = error as { readonly cancellationReasons?: readonly { readonly code: string }[] };
  return cancellationReasons?.map(({ code }) => code) ?? [];
}
