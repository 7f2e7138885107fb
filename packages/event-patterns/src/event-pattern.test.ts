import { describe, expect, test } from "vitest";
import { matchesFields } from "./event-pattern.ts";
import { matchesPattern, parsePattern, testEventPattern } from "./index.ts";
import type { JsonObject } from "./json.ts";

const holds = (asked: unknown, value: unknown): boolean =>
  matchesPattern(parsePattern({ x: asked } as JsonObject), { x: value } as JsonObject);

describe("operators", () => {
  test.each<{ asked: unknown[]; yes: unknown[]; no: unknown[] }>([
    {
      asked: ["latte", 1, true, null],
      yes: ["latte", 1, 1.0, true, null, ["mocha", "latte"]],
      no: ["Latte", "1", 2, false, "null", [], {}],
    },
    { asked: [100], yes: [100, 1e2, 100.0], no: ["100", 101] },
    { asked: ["10.0.0.1"], yes: ["10.0.0.1", "010.0.0.1"], no: ["10.0.0.2"] },
    { asked: ["2001:db8::1"], yes: ["2001:0DB8:0:0:0:0:0:1"], no: ["2001:db8::2", "::"] },
    { asked: [{ exactly: "a" }], yes: ["a"], no: ["b"] },
    { asked: [{ prefix: "la" }], yes: ["latte", "la"], no: ["flat", 1, null] },
    { asked: [{ prefix: { "equals-ignore-case": "LÄ" } }], yes: ["lätte", "LÄ"], no: ["Latte"] },
    { asked: [{ suffix: "te" }], yes: ["latte"], no: ["tea", 1] },
    { asked: [{ suffix: { "equals-ignore-case": "ÄTTE" } }], yes: ["lätte"], no: ["latte"] },
    { asked: [{ "equals-ignore-case": "Latte" }], yes: ["LATTE", "latte"], no: ["lattes", 1] },
    { asked: [{ wildcard: "a*b\\*c*" }], yes: ["ab*c", "a--b*c--"], no: ["abc", "xab*c"] },
    { asked: [{ "anything-but": "a" }], yes: ["b", 1, null, true, ["a", "b"]], no: ["a", ["a"], []] },
    { asked: [{ "anything-but": ["a", "b"] }], yes: ["c"], no: ["a", "b"] },
    { asked: [{ "anything-but": 5 }], yes: [6, "5"], no: [5, 5.0] },
    { asked: [{ "anything-but": [5, 6] }], yes: [7], no: [6] },
    { asked: [{ "anything-but": { prefix: "a" } }], yes: ["b", 1], no: ["ab"] },
    { asked: [{ "anything-but": { prefix: ["a", "b"] } }], yes: ["c"], no: ["ab", "ba"] },
    { asked: [{ "anything-but": { suffix: ["a", "b"] } }], yes: ["ac"], no: ["ca"] },
    { asked: [{ "anything-but": { "equals-ignore-case": ["A", "B"] } }], yes: ["c"], no: ["a", "B"] },
    { asked: [{ "anything-but": { wildcard: ["*a*", "b*"] } }], yes: ["cb"], no: ["cac", "bc"] },
    { asked: [{ numeric: ["=", 5] }], yes: [5], no: [6, "5"] },
    { asked: [{ numeric: [">", 0, "<=", 5] }], yes: [0.1, 5], no: [0, 5.1] },
    { asked: [{ numeric: [">=", 0, "<", 5] }], yes: [0], no: [5] },
    { asked: [{ numeric: ["<", -1e-7] }], yes: [-1], no: [0] },
    { asked: [{ exists: true }], yes: ["", null, 0, [1]], no: [{}, [], { y: 1 }] },
    { asked: [{ exists: false }], yes: [{}, [], { y: 1 }], no: [null, ""] },
    { asked: [{ cidr: "10.0.0.0/24" }], yes: ["10.0.0.0", "10.0.0.255"], no: ["10.0.1.0", "x", 10, "10.0.0.256"] },
    { asked: [{ cidr: "2001:db8::/32" }], yes: ["2001:db8:ffff::"], no: ["2001:db9::", "10.0.0.1"] },
    { asked: [{ exists: false }, { "anything-but": ["a"] }], yes: [{}, "b"], no: ["a"] },
  ])("$asked", ({ asked, yes, no }) => {
    for (const value of yes) expect([value, holds(asked, value)]).toEqual([value, true]);
    for (const value of no) expect([value, holds(asked, value)]).toEqual([value, false]);
  });
});

describe("structure", () => {
  const matches = (pattern: JsonObject | string, event: JsonObject): boolean => matchesPattern(parsePattern(pattern), event);

  test("P1: every field must hold", () => {
    expect(matches({ a: [1], b: { c: [2] } }, { a: 1, b: { c: 2 } })).toBe(true);
    expect(matches({ a: [1], b: { c: [2] } }, { a: 1, b: { c: 3 } })).toBe(false);
  });
  test("P1: $or multiplies, nested too", () => {
    const pattern = { a: [1], $or: [{ b: [1] }, { c: [1], $or: [{ d: [1] }, { e: [1] }] }] };
    expect(matches(pattern, { a: 1, b: 1 })).toBe(true);
    expect(matches(pattern, { a: 1, c: 1, e: 1 })).toBe(true);
    expect(matches(pattern, { a: 1, c: 1 })).toBe(false);
    expect(matches(pattern, { b: 1, c: 1, d: 1 })).toBe(false);
  });
  test("P2: a dot in a name joins", () => {
    expect(matches({ a: { b: [1] } }, { "a.b": 1 })).toBe(true);
    expect(matches({ "a.b": [1] }, { a: { b: 1 } })).toBe(true);
  });
  test("P3: values come from one element of an array of objects", () => {
    const pattern = { a: { b: [1], c: [2] } };
    expect(
      matches(pattern, {
        a: [
          { b: 1, c: 9 },
          { b: 9, c: 2 },
        ],
      }),
    ).toBe(false);
    expect(
      matches(pattern, {
        a: [
          { b: 9, c: 2 },
          { b: [3, 1], c: [2, 7] },
        ],
      }),
    ).toBe(true);
    expect(matches({ a: { b: [1] }, c: { d: [2] } }, { a: [{ b: 1 }], c: [{ d: 0 }, { d: 2 }] })).toBe(true);
  });
  test("P3: what must be absent is so in the chosen element", () => {
    const pattern = { a: { b: [1], c: [{ exists: false }] } };
    expect(matches(pattern, { a: [{ b: 1 }, { b: 2, c: 3 }] })).toBe(true);
    expect(matches(pattern, { a: [{ b: 1, c: 3 }, { b: 2 }] })).toBe(false);
  });
  test("P5: the last array of a repeated path counts", () => {
    expect(matches('{"a": [1], "a": [2]}', { a: 2 })).toBe(true);
    expect(matches('{"a": [1], "a": [2]}', { a: 1 })).toBe(false);
  });
  test("A2: independent arrays cost their sum", () => {
    const elements = Array.from({ length: 60 }, (_, n) => ({ v: n }));
    const names = "abcdefghij".split("");
    const pattern = Object.fromEntries([
      ...names.map((name) => [name, { v: [{ exists: true }] }]),
      ["z", { v: [{ exists: true }], w: [1] }],
    ]);
    const event = Object.fromEntries([...names.map((name) => [name, elements]), ["z", [{ v: 1 }, { w: 1 }]]]);
    const before = process.threadCpuUsage();
    expect(matches(pattern, event)).toBe(false);
    expect(process.threadCpuUsage(before).user / 1_000).toBeLessThan(100);
  });
  test("members of Object's prototype are members like any other", () => {
    expect(matches('{"__proto__": {"toString": [1]}}', JSON.parse('{"__proto__": {"toString": 1}}'))).toBe(true);
    expect(matches({ constructor: [{ exists: true }] }, {})).toBe(false);
  });
});

describe("refusals are in AWS's words", () => {
  const at = (text: string, line: number, column: number): string => `\n at [Source: (String)"${text}"; line: ${line}, column: ${column}]`;
  test.each([
    { text: "[]", reason: "Filter is not an object", column: 2 },
    { text: "{}", reason: "Empty objects are not allowed", column: 3 },
    { text: '{"a": []}', reason: "Empty arrays are not allowed", column: 9 },
    { text: '{"a": true}', reason: '"a" must be an object or an array', column: 11 },
    { text: '{"a": [[1]]}', reason: "Match value must be String, number, true, false, or null", column: 9 },
    { text: '{"a": [{}]}', reason: "Match expression name not found", column: 10 },
    { text: '{"a": [{"like": 1}]}', reason: "Unrecognized match type like", column: 18 },
    { text: '{"a": [{"toString": 1}]}', reason: "Unrecognized match type toString", column: 22 },
    { text: '{"a": [{"prefix": 1}]}', reason: "prefix match pattern must be a string", column: 20 },
    { text: '{"a": [{"prefix": "a", "suffix": "b"}]}', reason: "Only one key allowed in match expression", column: 35 },
    { text: '{"a": [{"prefix": {"x": 1}}]}', reason: "Unsupported prefix pattern: x", column: 26 },
    { text: '{"a": [{"suffix": {"equals-ignore-case": 1}}]}', reason: "equals-ignore-case match pattern must be a string", column: 43 },
    { text: '{"a": [{"suffix": {}}]}', reason: "Suffix expression name not found", column: 21 },
    { text: '{"a": [{"exists": "x"}]}', reason: "exists match pattern must be either true or false.", column: 20 },
    { text: '{"a": [{"numeric": 1}]}', reason: "Value of numeric must be an array.", column: 21 },
    { text: '{"a": [{"numeric": [1]}]}', reason: "Invalid member in numeric match: 1", column: 22 },
    { text: '{"a": [{"numeric": ["~", 1]}]}', reason: "Unrecognized numeric range operator: ~", column: 24 },
    { text: '{"a": [{"numeric": ["=", "1"]}]}', reason: "Value of equals must be numeric", column: 27 },
    { text: '{"a": [{"numeric": ["<", 1, 2]}]}', reason: "Too many elements in numeric expression", column: 30 },
    { text: '{"a": [{"numeric": [">", 1, 2]}]}', reason: "Bad value in numeric range: 2", column: 30 },
    { text: '{"a": [{"numeric": [">", 1, "=", 2]}]}', reason: "Bad numeric range operator: =", column: 32 },
    { text: '{"a": [{"numeric": [">", 2, "<", 1]}]}', reason: "Bottom must be less than top", column: 36 },
    { text: '{"a": [{"numeric": [">", 1, "<", 2, 3]}]}', reason: "Too many terms in numeric range expression", column: 38 },
    { text: '{"a": [{"wildcard": "a**b"}]}', reason: "Consecutive wildcard characters at pos 2", column: 27 },
    { text: '{"a": [{"wildcard": "a\\\\b"}]}', reason: "Invalid escape character at pos 2", column: 27 },
    {
      text: '{"a": [{"anything-but": null}]}',
      reason: "Value of anything-but must be an array or single string/number value.",
      column: 29,
    },
    { text: '{"a": [{"anything-but": {"x": 1}}]}', reason: "Unsupported anything-but pattern: x", column: 32 },
    { text: '{"a": [{"anything-but": {}}]}', reason: "Anything-But expression name not found", column: 27 },
    { text: '{"$or": [{"a": [1]}]}', reason: "There must have at least 2 Objects in $or relationship.", column: 21 },
    { text: '{"$or": {"a": [1]}}', reason: "It must be an Array followed with $or.", column: 10 },
    { text: '{"$or": [1, 2]}', reason: "Only JSON object is allowed in array of $or relationship.", column: 11 },
    {
      text: '{"$or": [{"prefix": [1]}, {"b": [1]}]}',
      reason: "prefix is Ruler reserved fieldName which cannot be used inside $or.",
      column: 22,
    },
  ])("$text", ({ text, reason, column }) => {
    expect(() => parsePattern(text)).toThrow(`Event pattern is not valid. Reason: ${reason}${at(text, 1, column)}`);
  });

  test("with the line, and with a long source cut short", () => {
    expect(() => parsePattern('{\n "a": 1}')).toThrow(at('{\n "a": 1}', 2, 8));
    const long = `{"a": ["${"x".repeat(600)}"], "b": 1}`;
    expect(() => parsePattern(long)).toThrow(`"${long.slice(0, 500)}"[truncated ${long.length - 500} chars]; line: 1`);
  });

  test("a mixed list names the place once, a wrong member of one twice", () => {
    const mixed = '{"a": [{"anything-but": ["x", 1]}]}';
    expect(() => parsePattern(mixed)).toThrow(/^[^\n]*mixed type is not supported\n at [^\n]*$/);
    expect(() => parsePattern('{"a": [{"anything-but": [true]}]}')).toThrow(
      /start\|null\|boolean is not supported.\n at [^\n]*\n at [^\n]*$/,
    );
  });

  test.each([
    { cidr: "10.0.0.0", reason: "Malformed CIDR, one '/' required" },
    { cidr: "10.0.0.0/x", reason: "Malformed CIDR, mask bits must be an integer" },
    { cidr: "10.0.0.0/-1", reason: "Malformed CIDR, mask bits must not be negative" },
    { cidr: "10.0.0.0/32", reason: "IPv4 mask bits must be < 32" },
    { cidr: "::/128", reason: "IPv6 mask bits must be < 128" },
    { cidr: "10.0.0/8", reason: "Nonstandard IP address: 10.0.0" },
  ])("cidr $cidr", ({ cidr, reason }) => expect(() => parsePattern({ a: [{ cidr }] })).toThrow(`Reason: ${reason}`));

  test.each([
    '{"a": [1}',
    '{"a" [1]}',
    '{"a": [1] "b": [1]}',
    "{a: [1]}",
    '{"a": ["x]}',
    '{"a": ["\\q"]}',
    '{"a": [01]}',
    '{"a": [nul]}',
    "",
    '{"a": [1]} x',
    '{"a": ["\\u12"]}',
  ])("what is no JSON: %s", (text) => expect(() => parsePattern(text)).toThrow(/^Event pattern is not valid. Reason: /));

  test("what would grow without bound", () => {
    const or = { $or: [{ a: [1] }, { b: [1] }] };
    const pattern = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`p${n}`, or]));
    expect(() => parsePattern(pattern)).toThrow("Rule is too complex");
    expect(() => parsePattern(`${'{"a":'.repeat(2000)}[1]${"}".repeat(2000)}`)).toThrow("nesting depth");
  });
});

test("TestEventPattern wants an envelope", () => {
  const event = { id: "1", account: "1", source: "s", time: "t", region: "r", "detail-type": "d" };
  expect(testEventPattern('{"source": ["s"]}', JSON.stringify(event))).toBe(true);
  for (const bad of ["x", "[]", "null", '"s"', "{}"])
    expect(() => testEventPattern('{"source": ["s"]}', bad)).toThrow("Parameter Event is not valid.");
});

test("many alternatives over many values look each value up once", () => {
  const values = Array.from({ length: 20_000 }, (_, n) => `y${n % 7}`);
  const anyOf = (value: (n: number) => string) => parsePattern({ $or: Array.from({ length: 100 }, (_, n) => ({ a: [value(n)] })) });
  let reads = 0;
  const counted = values.map((value) => ({
    get value() {
      reads++;
      return value;
    },
    membership: new Map(),
  }));
  expect(
    matchesFields(
      anyOf((n) => `x${n}`),
      new Map([["a", counted]]),
    ),
  ).toBe(false);
  expect(reads).toBeLessThan(2 * values.length);
  expect(
    matchesFields(
      anyOf((n) => `y${n + 6}`),
      new Map([["a", counted]]),
    ),
  ).toBe(true);
});
