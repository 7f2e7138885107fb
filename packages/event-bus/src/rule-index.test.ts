/** Laws: the indexed matcher agrees with a naive one, wildcards with a regular expression, the token reader with `JSON.parse`. */
import type { EventEnvelope, JsonObject, JsonValue } from "@serverlesspresso/ports";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePattern } from "./event-pattern.ts";
import { readTokens } from "./json-tokens.ts";
import { indexRules } from "./rule-index.ts";
import { compileWildcard } from "./wildcard.ts";

type Leaf = string | number | boolean | null;
type Asked = Leaf | JsonObject;
interface Found {
  readonly value: Leaf;
  readonly at: ReadonlyMap<object, number>;
}

/** All that stands at a path, by plain recursion over the event. */
function findAll(value: JsonValue, path: readonly string[], at: ReadonlyMap<object, number>): Found[] {
  if (Array.isArray(value)) {
    return value.flatMap((one, index) =>
      findAll(one as JsonValue, path, typeof one === "object" && one !== null ? new Map(at).set(value, index) : at),
    );
  }
  if (value === null || typeof value !== "object") return path.length === 0 ? [{ value: value as Leaf, at }] : [];
  const object = value as JsonObject;
  return path.flatMap((_, n) => {
    const name = path.slice(0, n + 1).join(".");
    return Object.hasOwn(object, name) ? findAll(object[name] as JsonValue, path.slice(n + 1), at) : [];
  });
}

function meets(asked: Asked, value: Leaf): boolean {
  if (asked === null || typeof asked !== "object") return asked === value;
  const [operator, operand] = Object.entries(asked)[0] as [string, JsonValue];
  if (operator === "exists") return operand === true;
  if (operator === "anything-but") return !(operand as Leaf[]).includes(value);
  if (operator === "prefix") return typeof value === "string" && value.startsWith(operand as string);
  if (operator === "suffix") return typeof value === "string" && value.endsWith(operand as string);
  if (operator === "numeric") return typeof value === "number" && value > (operand as [string, number])[1];
  return typeof value === "string" && value.toLowerCase() === (operand as string).toLowerCase();
}

const isAbsence = (asked: Asked): boolean => asked !== null && typeof asked === "object" && asked.exists === false;

/** Every way to expand `$or` and nesting into fields by path; a later path replaces an earlier one. */
function expand(pattern: JsonObject, parent: readonly string[], before: Map<string, Asked[]>[]): Map<string, Asked[]>[] {
  let all = before;
  for (const [name, value] of Object.entries(pattern)) {
    const path = [...parent, name];
    if (name === "$or") all = (value as JsonObject[]).flatMap((one) => expand(one, parent, all));
    else if (Array.isArray(value)) all = all.map((fields) => new Map(fields).set(path.join("."), value as Asked[]));
    else all = expand(value as JsonObject, path, all);
  }
  return all;
}

const agrees = (a: ReadonlyMap<object, number>, b: ReadonlyMap<object, number>): boolean =>
  [...b].every(([array, index]) => (a.get(array) ?? index) === index);

/** Tries every choice of values, field by field. */
function tryAll(fields: readonly [string, Asked[]][], event: JsonObject, chosen: ReadonlyMap<object, number>): boolean {
  const [first, ...rest] = fields;
  if (first === undefined) return true;
  const [path, asked] = first;
  const found = findAll(event, path.split("."), new Map());
  if (asked.some(isAbsence) && !found.some(({ at }) => agrees(chosen, at)) && tryAll(rest, event, chosen)) return true;
  return found.some(
    ({ value, at }) =>
      asked.some((one) => !isAbsence(one) && meets(one, value)) && agrees(chosen, at) && tryAll(rest, event, new Map([...chosen, ...at])),
  );
}

function naiveMatch(pattern: JsonObject, event: JsonObject): boolean {
  return expand(pattern, [], [new Map()]).some((fields) =>
    tryAll(
      [...fields].sort(([a], [b]) => (a < b ? -1 : 1)),
      event,
      new Map(),
    ),
  );
}

const text = fc.constantFrom("a", "b", "ab", "A", "aba");
const leaf: fc.Arbitrary<Leaf> = fc.oneof({ weight: 3, arbitrary: text }, fc.integer({ min: 0, max: 2 }), fc.constantFrom(true, null));
const asked: fc.Arbitrary<Asked> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  fc.record({ exists: fc.boolean() }),
  fc.record({ prefix: text }),
  fc.record({ suffix: text }),
  fc.record({ "equals-ignore-case": text }),
  fc.record({ "anything-but": fc.array(text, { minLength: 1, maxLength: 2 }) }),
  fc.record({ numeric: fc.constantFrom<JsonValue[]>([">", 0], [">", 1]) }),
);
const askedList = fc.array(asked, { minLength: 1, maxLength: 2 });
const name = fc.constantFrom("p", "q", "p.q");
const { nested } = fc.letrec<{ nested: JsonObject }>((tie) => ({
  nested: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.dictionary(name, askedList, { minKeys: 1, maxKeys: 2 }) as fc.Arbitrary<JsonObject>,
    fc.dictionary(name, fc.oneof(askedList, tie("nested")), { minKeys: 1, maxKeys: 3 }) as fc.Arbitrary<JsonObject>,
    fc.record({ $or: fc.array(tie("nested"), { minLength: 2, maxLength: 2 }) }) as fc.Arbitrary<JsonObject>,
  ),
}));
const word = fc.constantFrom("a", "b");
const words = fc.oneof({ weight: 3, arbitrary: fc.array(word, { minLength: 1, maxLength: 2 }) as fc.Arbitrary<Asked[]> }, askedList);
const pattern = fc.record(
  { source: words, "detail-type": words, detail: nested },
  { requiredKeys: ["source"] },
) as fc.Arbitrary<JsonObject>;
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.dictionary(name, tie("value"), { maxKeys: 3 }) as fc.Arbitrary<JsonValue>,
    fc.array(tie("value"), { maxLength: 3 }),
  ),
}));
const event = fc.record({ source: word, type: word, detail: fc.dictionary(name, value, { maxKeys: 3 }) });

test("the indexed matcher agrees with a naive one", () => {
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 24 }), fc.array(event, { minLength: 1, maxLength: 4 }), (patterns, events) => {
      const rules = patterns.map((one, n) => ({
        busName: "b",
        name: String(n),
        eventPattern: JSON.stringify(one),
        isEnabled: true,
        targets: [],
      }));
      const onError = (error: unknown): never => {
        throw error;
      };
      const index = indexRules(rules, onError, parsePattern);
      for (const { source, type, detail } of events) {
        const base = { version: "0", id: "i", account: "1", time: "t", region: "r", resources: [] };
        const envelope = { ...base, source, "detail-type": type, detail } as unknown as EventEnvelope;
        const expected = patterns.flatMap((one, n) => (naiveMatch(one, envelope as unknown as JsonObject) ? [String(n)] : []));
        expect(index.match("b", envelope).map((rule) => rule.name)).toEqual(expected);
      }
    }),
    { numRuns: 1500 },
  );
});

test("wildcards agree with a regular expression", () => {
  const piece = fc.constantFrom("a", "b", "*", "\\*", "\\\\");
  const wild = fc
    .array(piece, { maxLength: 8 })
    .map((pieces) => pieces.join("").replace(/(?<!\\)\*{2,}/g, "*"))
    .filter((one) => !/(?:^|[^\\])(?:\\\\)*\*\*/.test(one));
  fc.assert(
    fc.property(wild, fc.string({ unit: fc.constantFrom("a", "b", "*", "\\"), maxLength: 12 }), (one, subject) => {
      const source = one.replace(/\\(.)|(\*)|[ab]/g, (found, escaped: string | undefined, star: string | undefined) =>
        star !== undefined ? "[^]*" : escaped !== undefined ? `\\${escaped}` : found,
      );
      expect(compileWildcard(one)(subject)).toBe(new RegExp(`^${source}$`).test(subject));
    }),
    { numRuns: 2000 },
  );
});

test("W1: wildcards take linear time", () => {
  const test = compileWildcard(`*${"a".repeat(50)}b*${"ab".repeat(50)}c*`);
  const subject = "a".repeat(500_000);
  const before = process.threadCpuUsage();
  expect(test(subject)).toBe(false);
  expect(process.threadCpuUsage(before).user / 1_000).toBeLessThan(200);
});

test("the token reader agrees with JSON.parse", () => {
  fc.assert(
    fc.property(fc.json(), fc.boolean(), (json, isSpaced) => {
      const source = isSpaced ? JSON.stringify(JSON.parse(json), null, 1) : json;
      expect(build(source)).toEqual(JSON.parse(source));
    }),
  );
});

function build(source: string): unknown {
  const reader = readTokens(source);
  const read = (token: string): unknown => {
    if (token === "{") {
      const members: [string, unknown][] = [];
      while (reader.next() === "name") members.push([reader.name(), read(reader.next())]);
      return Object.fromEntries(members);
    }
    if (token === "[") {
      const elements: unknown[] = [];
      for (let next = reader.next(); next !== "]"; next = reader.next()) elements.push(read(next));
      return elements;
    }
    return token === "string" ? reader.text() : JSON.parse(reader.text());
  };
  const whole = read(reader.next());
  expect(reader.next()).toBe("end");
  return whole;
}
