import type { Diagnostic } from "../src/errors.ts";

const most = 1_000;
const mostCharacters = 256_000;

/** Returns the first findings of each severity, at most 1,000 and 256,000 characters: a response of megabytes would block the loop that sends it. */
export function briefly(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const room = { ERROR: { count: most, characters: mostCharacters }, WARNING: { count: most, characters: mostCharacters } };
  return diagnostics.filter(({ severity, message, location = "" }) => {
    const left = room[severity];
    const isFirst = left.count === most;
    left.count--;
    left.characters -= message.length + location.length;
    return isFirst || (left.count >= 0 && left.characters >= 0);
  });
}
