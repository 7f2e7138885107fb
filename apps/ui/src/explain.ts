import { Problem } from "./problem.ts";
import type { CommonWords } from "./words/en.ts";

/** A failure in the reader's language where its type is known, else in the server's words; never a bare status. */
export function explain(error: unknown, words: CommonWords): string {
  if (!(error instanceof Problem)) return words.unreachable;
  const known = Object.hasOwn(words.problems, error.type) && words.problems[error.type as keyof CommonWords["problems"]];
  return known || (error.message.startsWith("HTTP ") ? words.unexpected : error.message);
}
