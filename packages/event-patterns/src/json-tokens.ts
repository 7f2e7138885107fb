/**
 * Reads JSON token by token and knows where it stands, so that it rejects a pattern in AWS's words, line and column included.
 *
 * J1. The position is that of AWS's own reader: a name is read together with the opening of its value, a text only as far as
 *     its opening quote until the caller reads it.
 * J2. The reader returns a repeated key each time; the caller decides what it means.
 */
export type TokenKind = "{" | "}" | "[" | "]" | "name" | "string" | "number" | "true" | "false" | "null" | "end";

/** A refusal. `message` ends with the place, `\n at [Source: (String)"..."; line: 1, column: 2]`. */
export class TokenError extends Error {}

/** Reads one text from its beginning to its end. Each `next` goes one token on. */
export interface TokenReader {
  next(): TokenKind;
  /** The present token's text: a string's content, a number or a word as written. */
  text(): string;
  /** The name of the member that was read last. */
  name(): string;
  fail(message: string): never;
}

const longestQuote = 500;
const deepest = 1000;
const numberAt = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const plainText = /[^"\\\u0000-\u001f]*/y;
const escapes: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Returns a reader that stands before the first token. The reader throws `TokenError` where the text is no JSON or too deep. */
export function readTokens(source: string): TokenReader {
  let at = 0;
  let kind: TokenKind = "end";
  let value = "";
  let lastName = "";
  let isTextUnread = false;
  let afterName: TokenKind | undefined;
  let isFirst = true;
  const open: ("{" | "[")[] = [];

  function fail(message: string): never {
    const before = source.slice(0, at);
    const line = before.split("\n").length;
    const column = at - before.lastIndexOf("\n");
    const left = source.length - longestQuote;
    const shown = `"${source.slice(0, longestQuote)}"${left > 0 ? `[truncated ${left} chars]` : ""}`;
    throw new TokenError(`${message}\n at [Source: (String)${shown}; line: ${line}, column: ${column}]`);
  }

  function skipSpace(): string {
    while (" \t\r\n".includes(source[at] ?? "x")) at++;
    return source[at] ?? "";
  }

  function readText(): void {
    let text = "";
    for (;;) {
      plainText.lastIndex = at;
      text += plainText.exec(source)?.[0] ?? "";
      at = plainText.lastIndex;
      const c = source[at++];
      if (c === '"') break;
      if (c === undefined) fail("Unexpected end-of-input in VALUE_STRING");
      text += c === "\\" ? readEscape() : fail(`Illegal unquoted character ((CTRL-CHAR, code ${c.charCodeAt(0)}))`);
    }
    value = text;
    isTextUnread = false;
  }

  function readEscape(): string {
    const c = source[at++] ?? "";
    if (c !== "u") return escapes[c] ?? fail(`Unrecognized character escape ${describe(c)}`);
    const hex = source.slice(at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(hex))
      fail(`Unexpected character ${describe(source[at] ?? "")}: expected a hex-digit for character escape sequence`);
    at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  function openValue(c: string): TokenKind {
    if (c === "") fail("Unexpected end-of-input");
    if (c === "{" || c === "[") {
      at++;
      return c;
    }
    if (c === '"') {
      at++;
      isTextUnread = true;
      return "string";
    }
    numberAt.lastIndex = at;
    const number = numberAt.exec(source)?.[0];
    if (number !== undefined) {
      value = number;
      at += number.length;
      return "number";
    }
    return openWord(c);
  }

  function openWord(c: string): TokenKind {
    const word = /^[\w$]*/.exec(source.slice(at, at + 256))?.[0] ?? "";
    if (word === "true" || word === "false" || word === "null") {
      value = word;
      at += word.length;
      return word;
    }
    at += 1;
    if (word === "")
      fail(
        `Unexpected character ${describe(c)}: expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`,
      );
    at += word.length;
    return fail(`Unrecognized token '${word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`);
  }

  function enter(token: TokenKind): TokenKind {
    if (token === "{" || token === "[") {
      if (open.push(token) > deepest) fail(`Document nesting depth (${open.length}) exceeds the maximum allowed (${deepest})`);
      isFirst = true;
    } else isFirst = false;
    return token;
  }

  function close(c: "}" | "]"): TokenKind {
    at++;
    open.pop();
    isFirst = false;
    return c;
  }

  function readMember(c: string): TokenKind {
    if (c !== '"') {
      at++;
      fail(`Unexpected character ${describe(c)}: was expecting double-quote to start field name`);
    }
    at++;
    readText();
    lastName = value;
    const colon = skipSpace();
    at++;
    if (colon !== ":") fail(`Unexpected character ${describe(colon)}: was expecting a colon to separate field name and value`);
    afterName = openValue(skipSpace());
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
    let c = skipSpace();
    if (container === undefined) return c === "" && kind !== "end" ? "end" : enter(openValue(c));
    const closing = container === "{" ? "}" : "]";
    if (c === closing) return close(closing);
    if (!isFirst) {
      at++;
      if (c !== ",")
        fail(`Unexpected character ${describe(c)}: was expecting comma to separate ${container === "{" ? "Object" : "Array"} entries`);
      c = skipSpace();
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
    fail,
  };
}

function describe(c: string): string {
  return c === "" ? "(end-of-input)" : `('${c}' (code ${c.charCodeAt(0)}))`;
}
