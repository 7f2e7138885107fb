/**
 * Takes secrets out of a line before it is kept.
 *
 * D1. What stands under a name that means a secret is replaced, in JSON however often quoted, in headers and in queries.
 * D2. JSON Web Tokens, Bearer credentials and long runs of token letters are replaced wherever they stand.
 * D3. Each scan passes over a line once and looks back a bounded number of letters: its time is linear in the line's length, whatever stands in it.
 */
import { redactCredentials, redactMembers, redactParameters } from "./redact-named.ts";
import { redactLongTokens, redactWebTokens } from "./redact-runs.ts";

/** Returns a line without the tokens, codes and passwords that stand in it. */
export function redact(line: string): string {
  return redactLongTokens(redactParameters(redactCredentials(redactWebTokens(redactMembers(line)))));
}
