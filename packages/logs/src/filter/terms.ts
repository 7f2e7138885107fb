/** Patterns for lines of any kind: terms that occur or do not (F1), or one regular expression. */
import type { Condition } from "./conditions.ts";
import type { Cursor } from "./cursor.ts";

/**
 * Reads a pattern of terms: `ERROR -timeout ?retry`, or a regular expression between `%`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseTerms(cursor: Cursor): Condition<string> {
  const matches = cursor.takeRegex();
  if (matches !== undefined) {
    cursor.expectEnd();
    return matches;
  }
  const terms: Record<"" | "?" | "-", string[]> = { "": [], "?": [], "-": [] };
  for (let sign = cursor.take(start); sign !== undefined; sign = cursor.take(start)) terms[sign as "" | "?" | "-"].push(parseTerm(cursor));
  const { "": all, "?": any, "-": none } = terms;
  if (all.length + none.length === 0) return (message) => any.some((term) => message.includes(term));
  return (message) => all.every((term) => message.includes(term)) && !none.some((term) => message.includes(term));
}

const start = /[?-]|(?=\S)/y;
const word = /[\p{L}\p{N}_]+(?=\s|$)/uy;

function parseTerm(cursor: Cursor): string {
  const term = cursor.takeQuoted() ?? cursor.take(word);
  if (term !== undefined) return term;
  cursor.take(/[\p{L}\p{N}_]*/uy);
  const found = cursor.take(/\S/uy) ?? "";
  throw cursor.refuse(`Invalid character(s) in term '${found}', expected letters, digits and _; others stand in double quotes`);
}
