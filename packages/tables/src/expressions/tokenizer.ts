/** One word of an expression. `name` is `#n`, `value` is `:v`; their text keeps the sign. */
export interface Token {
  readonly kind: "identifier" | "name" | "value" | "number" | "symbol" | "unknown" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const pattern =
  /[ \t\r\n\f]*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(0|[1-9][0-9]*)|(<>|<=|>=|[=<>()[\],.+-])|([^ \t\r\n\f]))/uy;
const kinds = ["identifier", "name", "value", "number", "symbol", "unknown"] as const;

/** Splits an expression into tokens; the last one is `end`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const at = kinds.findIndex((_, index) => match?.[index + 1] !== undefined);
    const word = match[at + 1] as string;
    tokens.push({ kind: kinds[at] as Token["kind"], text: word, start: pattern.lastIndex - word.length, end: pattern.lastIndex });
  }
  tokens.push({ kind: "end", text: "<EOF>", start: text.length, end: text.length });
  return tokens;
}
