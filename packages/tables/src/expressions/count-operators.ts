import type { Token } from "./tokenizer.ts";

const comparators: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const words: ReadonlySet<string> = new Set(["AND", "OR", "NOT", "IN", "BETWEEN"]);

/** Returns the number of operators and functions in an expression, as DynamoDB counts them against its limit: neither the `=` of SET nor the AND of BETWEEN counts. */
export function countOperators(kind: string, tokens: readonly Token[]): number {
  if (kind === "UpdateExpression") return tokens.filter((token, at) => "+-".includes(token.text) || isCall(tokens, at)).length;
  const betweens = tokens.filter(({ kind, text }) => kind === "identifier" && text.toUpperCase() === "BETWEEN").length;
  return tokens.filter((token, at) => comparators.has(token.text) || isWord(token) || isCall(tokens, at)).length - betweens;
}

function isWord({ kind, text }: Token): boolean {
  return kind === "identifier" && words.has(text.toUpperCase());
}

function isCall(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at] as Token;
  return token.kind === "identifier" && !isWord(token) && tokens[at + 1]?.text === "(";
}
