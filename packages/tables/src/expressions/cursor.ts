/** Walks the tokens of one expression, and reads what all kinds of expression share: document paths, operands, functions. */
import { invalid } from "../errors.ts";
import { countOperators } from "./count-operators.ts";
import { isReservedWord } from "./reserved-words.ts";
import type { Operand, Parsed, Path } from "./syntax.ts";
import { type Token, tokenize } from "./tokenizer.ts";

/** The position within one expression. Errors are thrown as `Invalid KIND: …`. */
export interface Cursor {
  peek(ahead?: number): Token;
  next(): Token;
  /** Takes the symbol or keyword if it comes next. */
  take(text: string): boolean;
  expect(text: string): void;
  isKeyword(...words: readonly string[]): boolean;
  position(): number;
  rewind(position: number): void;
  path(): Path;
  operand(): Operand;
  syntaxError(): Error;
  fail(message: string): Error;
  /** What was read, once all of it has been. */
  parsed<Tree>(tree: Tree): Parsed<Tree>;
  readonly names: Set<string>;
  readonly values: Set<string>;
}

/** The most bytes of an expression, operators and functions in it, and steps of a document path. */
const maxBytes = 4096;
const maxOperators = 300;
const maxPathLevels = 32;

/** Words of the grammar; all kinds of expression share it, so none of them can be a name in any. */
const keywords: ReadonlySet<string> = new Set(["SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"]);

/** @param kind the parameter's name, such as `ConditionExpression`, for messages */
export function createCursor(kind: string, text: string): Cursor {
  const fail = (message: string): Error => invalid(`Invalid ${kind}: ${message}`);
  if (text === "") throw fail("The expression can not be empty;");
  if (Buffer.byteLength(text) > maxBytes) {
    throw fail(`Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`);
  }
  const tokens = tokenize(text);
  if (countOperators(kind, tokens) > maxOperators) {
    throw fail(`The expression contains too many operators; operator count: ${maxOperators + 1}`);
  }
  if (tokens.length === 1) throw fail(`Syntax error; token: "<EOF>", near: "${text}"`);
  let at = 0;
  const names = new Set<string>();
  const values = new Set<string>();
  const nested: Path[] = [];
  // Told only where the whole expression is well-formed: an error of syntax comes first.
  let misuse: Error | undefined;
  const peek = (ahead = 0): Token => tokens[Math.min(at + ahead, tokens.length - 1)] as Token;
  const next = (): Token => tokens[at < tokens.length - 1 ? at++ : at] as Token;
  const matches = (token: Token, wanted: string): boolean =>
    token.kind === "symbol" ? token.text === wanted : token.kind === "identifier" && token.text.toUpperCase() === wanted;

  function operand(): Operand {
    const token = peek();
    if (token.kind === "value") {
      values.add(token.text);
      return { kind: "value", placeholder: next().text };
    }
    if (take("(")) {
      if (peek().text === "(") throw fail("The expression has redundant parentheses;");
      const inner = operand();
      expect(")");
      return inner;
    }
    const isCall = token.kind === "identifier" && matches(peek(1), "(") && !keywords.has(token.text.toUpperCase());
    return isCall ? call() : { kind: "path", path: path() };
  }

  function take(wanted: string): boolean {
    if (!matches(peek(), wanted)) return false;
    next();
    return true;
  }

  function expect(wanted: string): void {
    if (!take(wanted)) throw syntaxError();
  }

  function syntaxError(): Error {
    const token = peek();
    const from = tokens[Math.max(at - 1, 0)] as Token;
    const to = tokens[Math.min(at + 1, tokens.length - 1)] as Token;
    return fail(`Syntax error; token: "${token.text}", near: "${text.slice(from.start, to.end)}"`);
  }

  function path(): Path {
    const steps: (string | number)[] = [pathName()];
    for (;;) {
      if (take(".")) steps.push(pathName());
      else if (take("[")) {
        if (peek().kind !== "number") throw syntaxError();
        const index = Number(next().text);
        if (index > 2_147_483_647) throw fail(`List index is not within the allowable range; index: [${index}]`);
        steps.push(index);
        expect("]");
      } else break;
    }
    if (steps.length > maxPathLevels) misuse ??= fail(`The document path has too many nesting levels; nesting levels: ${steps.length}`);
    if (steps.length > 1) nested.push(steps);
    return steps;
  }

  function pathName(): string {
    const token = peek();
    if (token.kind === "name") {
      names.add(token.text);
      return next().text;
    }
    if (token.kind !== "identifier" || keywords.has(token.text.toUpperCase())) throw syntaxError();
    if (isReservedWord(token.text)) misuse ??= fail(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    return next().text;
  }

  function call(): Operand {
    const name = next().text;
    expect("(");
    const operands = [operand()];
    while (take(",")) operands.push(operand());
    expect(")");
    return { kind: "function", name, operands };
  }

  return {
    peek,
    next,
    take,
    expect,
    isKeyword: (...words) => words.some((word) => matches(peek(), word)),
    position: () => at,
    rewind: (position) => {
      at = position;
    },
    path,
    operand,
    syntaxError,
    fail,
    parsed(tree) {
      if (misuse !== undefined) throw misuse;
      return { tree, names: [...names], values: [...values], nested };
    },
    names,
    values,
  };
}
