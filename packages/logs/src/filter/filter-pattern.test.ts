import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LogsError } from "../errors.ts";
import { parseFilterPattern } from "./filter-pattern.ts";

const holds = (pattern: string, line: string): boolean => parseFilterPattern(pattern)(line);

const access = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
const trail = JSON.stringify({
  eventType: "UpdateTrail",
  ip: "111.111.111.111",
  m: "a && b || (c)",
  arrayKey: ["value", "another value"],
  objectList: [
    { name: "a", id: 1 },
    { name: "b", id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  off: false,
  latency: 50.5,
  text: "400",
  "cluster.name": "c",
  "detail-type": "x y",
});

describe("terms", () => {
  test.each([
    ["ERROR", "[ERROR 400] BAD", true],
    ["error", "[ERROR 400] BAD", false],
    ["ERROR BAD", "[ERROR 400] BAD", true],
    ["?ERROR ?WARN", "WARN low milk", true],
    ["?ERROR ?WARN", "INFO", false],
    ["ERROR ?WARN", "ERROR only", true],
    ["ERROR -BAD", "[ERROR 400] BAD", false],
    ["-BAD", "fine", true],
    ['"ERROR 400"', "[ERROR 400] BAD", true],
    ['?"a b" ?"c d"', "x c d y", true],
    ['-"a b" x', "x a b", false],
    [String.raw`"say \"hi\""`, 'they say "hi"', true],
    ["größer", "ist größer", true],
    ["%[Ee]rror|[Ff]ail%", "a failure", true],
    [String.raw`%\d{1,3}\.\d{1,3}%`, "at 10.20", true],
    ["%^AUTH%", "UNAUTHORIZED", false],
    ["%AUTHORIZED%", "[ERROR 401] UNAUTHORIZED REQUEST", true],
  ])("F1: %s on %j is %j", (pattern, line, expected) => expect(holds(pattern, line)).toBe(expected));
});

describe("JSON", () => {
  test.each([
    ['{ $.m = "a && b || (c)" }', true],
    ['{ $.eventType = "UpdateTrail" }', true],
    ["{$.eventType=Update*}", true],
    ["{ $.eventType = *Trail }", true],
    ["{ $.eventType = *date* }", true],
    ["{ $.eventType = Up*il }", false],
    ["{ $.eventType = * }", true],
    ["{ $.ip != 123.123.* }", true],
    ['{ $.arrayKey[0] = "value" }', true],
    ["{ $.arrayKey = value }", false],
    ["{ $.arrayKey != value }", false],
    ['{ $.arrayKey[*] = "another value" }', true],
    ["{ $.objectList[1].id = 2 }", true],
    ["{ $.objectList[2].id NOT EXISTS }", true],
    ["{ $.SomeObject IS NULL }", true],
    ["{ $.SomeObject = null }", false],
    ["{ $.SomeOther IS NULL }", false],
    ["{ $.SomeOther NOT EXISTS }", true],
    ["{ $.SomeObject NOT EXISTS }", false],
    ["{ $.ThisFlag IS TRUE }", true],
    ["{ $.off IS FALSE && $.off IS TRUE }", false],
    ["{ $.latency > 50 && $.latency <= 5.05e1 }", true],
    ["{ $.latency != 50.50 }", false],
    ["{ $.latency < +50 }", false],
    ["{ $.text = 400 }", true],
    ["{ $.text >= 400.0 }", true],
    ["{ $.eventType > 1 }", false],
    ["{ $.['cluster.name'] = c }", true],
    ["{ $.detail-type = %^x.y$% }", true],
    ['{ ($.latency = 1 || $.text = "400") && ($.off IS FALSE) }', true],
    ["{ $.latency = 1 && $.off IS TRUE || $.off IS FALSE }", true],
    ["{ $.latency = 1 && ($.off IS TRUE || $.off IS FALSE) }", false],
    ["{ $.nothing != x }", false],
  ])("%s is %j", (pattern, expected) => {
    expect(holds(pattern, trail)).toBe(expected);
    expect(holds(pattern, "no JSON")).toBe(false);
  });
});

describe("fields", () => {
  test.each([
    ["[ip, id, user, ts, request, status=4*, size]", true],
    ["[ip, id, user, ts, request, status=5*, size]", false],
    ["[ip, id, user, ts, request, status=4* && status!=404, size]", false],
    ["[ip, id, user, ts, request = *html*, status = 200 || status = 404, size > 1000]", true],
    ["[ip, id, user, ts, request, status, size > 1e4]", false],
    ["[..., status_code, bytes = 1534]", true],
    ["[ip=127.0.0.1, ..., bytes]", true],
    ["[ip, ...]", true],
    ["[a, b, ..., c, d, e, f, g]", true],
    ["[a, b, ..., c, d, e, f, g, h]", false],
    ["[ip, id, user]", false],
    ['[..., request=*.html*, status="404",]', true],
    ["[ip=%127\\.0\\.0\\.[1-9]%, ...]", true],
    ["[,,user=!joe&&user=!jim, ...]", true],
    ["[..., (status = 4* || status = 5*) && status != 404, size]", false],
  ])("%s is %j", (pattern, expected) => expect(holds(pattern, access)).toBe(expected));
});

describe("what is no pattern", () => {
  test.each([
    ["a:b", "Invalid character(s) in term ':'"],
    ["$.x = 1", "Invalid character(s) in term '$'"],
    ['"open', "a quotation mark is not closed"],
    ["%open", "a regular expression is not closed by %"],
    ["{ $.a = 1", "at character 10 is its end, expected &&, || or }"],
    ["{ $.a }", 'at character 7 is "}", expected a comparison, IS or NOT EXISTS'],
    ["{ a = 1 }", "expected a selector that begins with $, or ("],
    ["{ $ = 1 }", "expected a property such as .name"],
    ["{ ($.a = 1 }", "expected )"],
    ["{ $.a = 1 && }", "expected a selector"],
    ["{ $.a > x }", "expected a number"],
    ["{ $.a IS MAYBE }", "expected TRUE, FALSE or NULL"],
    ["{ $.a = 1 } x", "expected its end"],
    ["[a, b", "expected a comparison, a comma or ]"],
    ["[..., a, ...]", "expected a name or nothing"],
    ["[a = 1 && b = 2]", "expected the field's name, a"],
    ["%something!%", 'in the regular expression %something!% is "!", which has no meaning there'],
    ["%(a)%", "has no meaning there"],
    ["%a**%", "has no meaning there"],
    ["%[z-a]%", "is z-a, which is no range"],
    ["%a{5,2}%", "is {5,2}"],
    ["%a{900}b{900}%", "are more than 1000 characters"],
    ["%%", "is nothing"],
    ["{ $.a = %a% || $.a = %b% || $.a = %c% }", "more than 2 regular expressions"],
  ])("F4: %s", (pattern, words) => {
    expect(() => parseFilterPattern(pattern)).toThrow(words);
    expect(() => parseFilterPattern(pattern)).toThrow(LogsError);
  });

  test("any text at all is a pattern or refused as Logs refuses", () => {
    const bits = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      "(",
      ")",
      "$",
      ".a",
      "=",
      "!",
      "<",
      '"',
      "%",
      "&&",
      "||",
      "IS",
      "NOT",
      "...",
      ",",
      "\\",
      "a",
      "1",
      " ",
      "*",
      "?",
      "-",
    );
    const text = fc.oneof(
      fc.array(bits, { maxLength: 14 }).map((parts) => parts.join("")),
      fc.string(),
    );
    fc.assert(
      fc.property(text, fc.oneof(text, fc.json()), (pattern, line) => {
        try {
          expect(typeof holds(pattern, line)).toBe("boolean");
        } catch (error) {
          expect(error).toBeInstanceOf(LogsError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("laws", () => {
  type Tree = { readonly key: string; readonly value: number } | { readonly op: "&&" | "||"; readonly parts: readonly Tree[] };
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.record({ key: fc.constantFrom("a", "b"), value: fc.integer({ min: 0, max: 2 }) }),
      fc.record({ op: fc.constantFrom("&&" as const, "||" as const), parts: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }) }),
    ),
  }));
  const print = (one: Tree): string => ("op" in one ? `(${one.parts.map(print).join(one.op)})` : `$.${one.key}=${one.value}`);
  const evaluate = (one: Tree, line: Record<string, number>): boolean => {
    if (!("op" in one)) return line[one.key] === one.value;
    return one.op === "&&" ? one.parts.every((part) => evaluate(part, line)) : one.parts.some((part) => evaluate(part, line));
  };

  test("a printed expression holds for what the expression holds for", () => {
    const value = fc.integer({ min: 0, max: 2 });
    fc.assert(
      fc.property(tree, fc.record({ a: value, b: value }), (one, line) => {
        expect(holds(`{${print(one)}}`, JSON.stringify(line))).toBe(evaluate(one, line));
      }),
    );
  });

  test("X1: a regular expression matches as JavaScript's does", () => {
    const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "[a-c1]", "\\x61", "\\.");
    const count = fc.constantFrom("", "", "*", "+", "?", "{2}", "{0,2}", "{1,}");
    const sequence = fc.array(
      fc.tuple(atom, count).map((parts) => parts.join("")),
      { maxLength: 5 },
    );
    const anchored = fc
      .tuple(fc.constantFrom("", "^"), sequence, fc.constantFrom("", "$"))
      .map(([from, parts, to]) => from + parts.join("") + to);
    const source = fc
      .array(anchored, { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join("|"))
      .filter((text) => text !== "");
    const line = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", ".", "-"), maxLength: 8 });
    fc.assert(
      fc.property(source, line, (text, got) => {
        expect(holds(`%${text}%`, got)).toBe(new RegExp(text).test(got));
      }),
      { numRuns: 2_000 },
    );
  });

  test("X2, F4: a hostile pattern over a long line ends", () => {
    const line = "a".repeat(100_000);
    expect(holds(`%${"a*".repeat(20)}b%`, line)).toBe(false);
    expect(holds("[a, b]", "[ ".repeat(50_000))).toBe(false);
    expect(holds("[a > 1]", `${"1".repeat(100_000)}x`)).toBe(false);
  });
});
