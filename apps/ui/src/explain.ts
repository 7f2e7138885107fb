import { Problem } from "./problem.ts";
import type { CommonWords } from "./words/en.ts";

/** A failure in the reader's language where its type is known, else in the server's words; never a bare status. */
export function explain(error: unknown, words: Pick<CommonWords, "unreachable" | "unexpected"> & { readonly problems: object }): string {
  if (!(error instanceof Problem)) return words.unreachable;
  const known = Object.hasOwn(words.problems, error.type) && (words.problems as Readonly<Record<string, string>>)[error.type];
  return known || (error.message.startsWith("HTTP ") ? words.unexpected : error.message);
}
