/** A refusal. `message` ends with the place, `\n at [Source: (String)"..."; line: 1, column: 2]`. */
export class TokenError extends Error {}

/** A literal that JSON writes as a word. */
export type JsonWord = "true" | "false" | "null";

/** The characters of one text from its beginning to its end: what stands at the present place, and refusals that name the place. */
export interface Scanner {
  /** Skips white space; returns the next character, or "" at the end. */
  peek(): string;
  /** Goes one character on. */
  skip(): void;
  /** Reads a string behind its opening quote. @throws {TokenError} */
  readText(): string;
  /** Reads a number as written; undefined where none stands. */
  readNumber(): string | undefined;
  /** @throws {TokenError} for any other word and for a character that begins no value */
  readWord(): JsonWord;
  /** @throws {TokenError} */
  fail(message: string): never;
  /** Refuses a character. @throws {TokenError} */
  refuse(c: string, expected: string): never;
}

const longestQuote = 500;
const numberAt = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const plainText = /[^"\\\u0000-\u001f]*/y;
const escapes: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** Returns a scanner at the beginning of a text. */
export function scan(source: string): Scanner {
  let at = 0;

  function fail(message: string): never {
    const before = source.slice(0, at);
    const line = before.split("\n").length;
    const column = at - before.lastIndexOf("\n");
    const left = source.length - longestQuote;
    const shown = `"${source.slice(0, longestQuote)}"${left > 0 ? `[truncated ${left} chars]` : ""}`;
    throw new TokenError(`${message}\n at [Source: (String)${shown}; line: ${line}, column: ${column}]`);
  }

  function refuse(c: string, expected: string): never {
    fail(`Unexpected character ${describe(c)}: ${expected}`);
  }

  function readEscape(): string {
    const c = source[at++] ?? "";
    if (c !== "u") return escapes[c] ?? fail(`Unrecognized character escape ${describe(c)}`);
    const hex = source.slice(at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) refuse(source[at] ?? "", "expected a hex-digit for character escape sequence");
    at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  return {
    peek() {
      while (" \t\r\n".includes(source[at] ?? "x")) at++;
      return source[at] ?? "";
    },
    skip: () => void at++,
    readText() {
      let text = "";
      for (;;) {
        plainText.lastIndex = at;
        text += plainText.exec(source)?.[0] ?? "";
        at = plainText.lastIndex;
        const c = source[at++];
        if (c === '"') return text;
        if (c === undefined) fail("Unexpected end-of-input in VALUE_STRING");
        text += c === "\\" ? readEscape() : fail(`Illegal unquoted character ((CTRL-CHAR, code ${c.charCodeAt(0)}))`);
      }
    },
    readNumber() {
      numberAt.lastIndex = at;
      const number = numberAt.exec(source)?.[0];
      at += number?.length ?? 0;
      return number;
    },
    readWord() {
      const word = /^[\w$]*/.exec(source.slice(at, at + 256))?.[0] ?? "";
      if (word === "true" || word === "false" || word === "null") {
        at += word.length;
        return word;
      }
      const c = source[at++] ?? "";
      if (word === "") refuse(c, `expected a valid value ${values}`);
      at += word.length;
      return fail(`Unrecognized token '${word}': was expecting ${values}`);
    },
    fail,
    refuse,
  };
}

function describe(c: string): string {
  return c === "" ? "(end-of-input)" : `('${c}' (code ${c.charCodeAt(0)}))`;
}
