/** Reads a filter pattern from left to right. */
import { LogsError } from "../errors.ts";
import { parseRegularExpression } from "./regular-expression.ts";

/** Reads a filter pattern from left to right. */
export interface Cursor {
  /** What `sticky` finds here, spaces before it skipped; undefined, and nothing read, where something else stands. */
  take(sticky: RegExp): string | undefined;
  /** @param what in words, for the refusal */
  expect(sticky: RegExp, what: string): string;
  /** A text in quotes, unescaped. */
  takeQuoted(): string | undefined;
  /** A regular expression between percent signs. */
  takeRegex(): ((text: string) => boolean) | undefined;
  expectEnd(): void;
  fail(expected: string): LogsError;
  refuse(reason: string): LogsError;
}

const mostRegexes = 2;

/** Returns a cursor at the start of a pattern. It throws a LogsError with `InvalidParameterException` for what does not parse. */
export function createCursor(text: string): Cursor {
  let at = 0;
  let regexes = 0;

  function take(sticky: RegExp): string | undefined {
    const start = skipSpaces();
    sticky.lastIndex = start;
    const found = sticky.exec(text)?.[0];
    if (found !== undefined) at = start + found.length;
    return found;
  }
  function skipSpaces(): number {
    const spaces = /\s*/y;
    spaces.lastIndex = at;
    return at + (spaces.exec(text)?.[0].length ?? 0);
  }
  function fail(expected: string): LogsError {
    const rest = text.slice(skipSpaces());
    const found = rest === "" ? "its end" : JSON.stringify(rest.slice(0, 20));
    return refuse(`at character ${skipSpaces() + 1} is ${found}, expected ${expected}`);
  }
  function refuse(reason: string): LogsError {
    return new LogsError("InvalidParameterException", `Invalid filter pattern: ${text}: ${reason}`);
  }

  return {
    take,
    fail,
    refuse,
    expect(sticky, what) {
      const found = take(sticky);
      if (found === undefined) throw fail(what);
      return found;
    },
    takeQuoted() {
      const found = take(/"(?:[^"\\]|\\.)*"/sy);
      if (found === undefined && take(/"/y) !== undefined) throw refuse("a quotation mark is not closed");
      return found?.slice(1, -1).replace(/\\(.)/gs, "$1");
    },
    takeRegex() {
      if (take(/%/y) === undefined) return undefined;
      const source = take(/[^%]*(?=%)/y);
      if (source === undefined) throw refuse("a regular expression is not closed by %");
      take(/%/y);
      if (++regexes > mostRegexes) throw refuse(`it has more than ${mostRegexes} regular expressions`);
      return parseRegularExpression(source, (reason) => refuse(`in the regular expression %${source}% ${reason}`));
    },
    expectEnd() {
      if (skipSpaces() < text.length) throw fail("its end");
    },
  };
}
