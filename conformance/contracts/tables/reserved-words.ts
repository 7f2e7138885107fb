export { reservedWords } from "../../../packages/tables/src/expressions/reserved-words.ts";

/** Words of the grammar itself: where a name is expected they are no name at all. */
export const keywords: ReadonlySet<string> = new Set(["ADD", "AND", "BETWEEN", "DELETE", "IN", "NOT", "OR", "SET"]);

/** Whether a failure says that this word is reserved. */
export function isReserved(message: string, word: string): boolean {
  const rule = keywords.has(word.toUpperCase())
    ? `Syntax error; token: "${word}", near: "${word}"`
    : `Attribute name is a reserved keyword; reserved keyword: ${word}`;
  return message === `Invalid ProjectionExpression: ${rule}`;
}
