/** Law: the indexed matcher agrees with a naive one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePattern } from "./event-pattern.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { indexPatterns } from "./pattern-index.ts";

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
      const index = indexPatterns(patterns.map((one, n) => [parsePattern(one), n] as const));
      for (const { source, type, detail } of events) {
        const base = { version: "0", id: "i", account: "1", time: "t", region: "r", resources: [] };
        const envelope = { ...base, source, "detail-type": type, detail };
        const expected = patterns.flatMap((one, n) => (naiveMatch(one, envelope) ? [n] : []));
        expect(index.match(envelope)).toEqual(expected);
      }
    }),
    { numRuns: 1500 },
  );
});
