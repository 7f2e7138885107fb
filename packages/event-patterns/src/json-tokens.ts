/**
 * Reads JSON token by token and knows where it stands, so that it rejects a pattern in AWS's words, line and column included.
 *
 * J1. The position is that of AWS's own reader: a name is read together with the opening of its value, a text only as far as
 *     its opening quote until the caller reads it.
 * J2. The reader returns a repeated key each time; the caller decides what it means.
 */
import { type JsonWord, scan } from "./json-scanner.ts";

/** What a token is. */
export type TokenKind = "{" | "}" | "[" | "]" | "name" | "string" | "number" | JsonWord | "end";

/** Reads one text from its beginning to its end. Each `next` goes one token on. */
export interface TokenReader {
  next(): TokenKind;
  /** The present token's text: a string's content, a number or a word as written. */
  text(): string;
  /** The name of the member that was read last. */
  name(): string;
  fail(message: string): never;
}

const deepest = 1000;

/** Returns a reader that stands before the first token. The reader throws `TokenError` where the text is no JSON or too deep. */
export function readTokens(source: string): TokenReader {
  const scanner = scan(source);
  let kind: TokenKind = "end";
  let value = "";
  let lastName = "";
  let isTextUnread = false;
  let afterName: TokenKind | undefined;
  let isFirst = true;
  const open: ("{" | "[")[] = [];

  function readText(): void {
    value = scanner.readText();
    isTextUnread = false;
  }

  function openValue(c: string): TokenKind {
    if (c === "") scanner.fail("Unexpected end-of-input");
    if (c === "{" || c === "[") {
      scanner.skip();
      return c;
    }
    if (c === '"') {
      scanner.skip();
      isTextUnread = true;
      return "string";
    }
    const number = scanner.readNumber();
    if (number === undefined) {
      const word = scanner.readWord();
      value = word;
      return word;
    }
    value = number;
    return "number";
  }

  function enter(token: TokenKind): TokenKind {
    if (token === "{" || token === "[") {
      if (open.push(token) > deepest) scanner.fail(`Document nesting depth (${open.length}) exceeds the maximum allowed (${deepest})`);
      isFirst = true;
    } else isFirst = false;
    return token;
  }

  function close(c: "}" | "]"): TokenKind {
    scanner.skip();
    open.pop();
    isFirst = false;
    return c;
  }

  function readMember(c: string): TokenKind {
    scanner.skip();
    if (c !== '"') scanner.refuse(c, "was expecting double-quote to start field name");
    readText();
    lastName = value;
    const colon = scanner.peek();
    scanner.skip();
    if (colon !== ":") scanner.refuse(colon, "was expecting a colon to separate field name and value");
    afterName = openValue(scanner.peek());
    return "name";
  }

  function advance(): TokenKind {
    if (isTextUnread && afterName === undefined) readText();
    if (afterName !== undefined) {
      const token = afterName;
      afterName = undefined;
      return enter(token);
    }
    const container = open.at(-1);
    let c = scanner.peek();
    if (container === undefined) return c === "" && kind !== "end" ? "end" : enter(openValue(c));
    const closing = container === "{" ? "}" : "]";
    if (c === closing) return close(closing);
    if (!isFirst) {
      scanner.skip();
      if (c !== ",") scanner.refuse(c, `was expecting comma to separate ${container === "{" ? "Object" : "Array"} entries`);
      c = scanner.peek();
    }
    return container === "{" ? readMember(c) : enter(openValue(c));
  }

  return {
    next: () => (kind = advance()),
    text() {
      if (isTextUnread) readText();
      return kind === "{" || kind === "}" || kind === "[" || kind === "]" ? kind : value;
    },
    name: () => lastName,
    fail: scanner.fail,
  };
}
