import type { Diagnostic } from "../src/errors.ts";

const most = 1_000;
const mostCharacters = 256_000;

/** The first findings of either severity; an answer of megabytes would hold up the loop that hands it on. */
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
