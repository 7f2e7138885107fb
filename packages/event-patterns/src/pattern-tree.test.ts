/** T1–T5: what a tree finds, and how little of what there is. */

import { describe, expect, test } from "vitest";
import { parsePattern } from "./event-pattern.ts";
import { flattenEvent, stepsOf } from "./flatten.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { plantTree } from "./pattern-tree.ts";
import type { Leaf } from "./value-tests.ts";

const rules = 10_000;
const event = (detail: JsonObject, source = "shop", type = "Order.Made"): JsonObject => ({ source, "detail-type": type, detail });

/** The numbers of the patterns that a tree over all of them finds for an event, and how many values it asked for. */
function search(patterns: readonly JsonObject[], what: JsonObject): { readonly found: number[]; readonly asked: number } {
  const parsed = patterns.map((one) => parsePattern(one));
  const tree = plantTree(parsed.flatMap(({ alternatives }, i) => alternatives.map((one) => [one, i] as const)));
  const fields = flattenEvent(what, stepsOf(parsed.flatMap(({ steps }) => [...steps])));
  const found = new Set<number>();
  let asked = 0;
  const valuesAt = (path: string): Leaf[] => {
    asked++;
    return (fields.get(path) ?? []).map(({ value }) => value);
  };
  tree.find(valuesAt, found);
  return { found: [...found].sort((a, b) => a - b), asked };
}
const many = (pattern: (i: number) => JsonObject): JsonObject[] => Array.from({ length: rules }, (_, i) => pattern(i));

describe("of ten thousand rules the few that may match are found", () => {
  test.each([
    {
      by: "source and detail-type",
      pattern: (i: number) => ({ source: [`s${i % 100}`], "detail-type": [`t${Math.floor(i / 100)}`] }),
      what: event({}, "s7", "t3"),
      at: 307,
    },
    {
      by: "a text",
      pattern: (i: number) => ({ source: ["shop"], detail: { id: [`o-${i}`, `p-${i}`] } }),
      what: event({ id: "p-42" }),
      at: 42,
    },
    { by: "a number", pattern: (i: number) => ({ source: ["shop"], detail: { n: [i] } }), what: event({ n: 42 }), at: 42 },
    { by: "a prefix", pattern: (i: number) => ({ "detail-type": [{ prefix: `T${i}.` }] }), what: event({}, "shop", "T42.x"), at: 42 },
    { by: "a suffix", pattern: (i: number) => ({ detail: { f: [{ suffix: `.${i}` }] } }), what: event({ f: "x.42" }), at: 42 },
    {
      by: "a text in any case",
      pattern: (i: number) => ({ detail: { f: [{ "equals-ignore-case": `Café-${i}` }] } }),
      what: event({ f: "CAFÉ-42" }),
      at: 42,
    },
    {
      by: "one of several beside $or",
      pattern: (i: number) => ({ $or: [{ detail: { a: [`a${i}`] } }, { detail: { b: [`b${i}`] } }] }),
      what: event({ b: "b42" }),
      at: 42,
    },
  ])("by $by", ({ pattern, what, at }) => {
    const { found, asked } = search(many(pattern), what);
    expect(found).toContain(at);
    expect({ isFew: found.length <= 5, asked: asked <= 6 }).toEqual({ isFew: true, asked: true });
  });
});

test("T2: what a fork cannot read is found beside it", () => {
  const patterns = [
    ...many((i) => ({ detail: { n: [i] } })),
    { detail: { n: [{ numeric: [">", 5] }] } },
    { detail: { n: [{ exists: false }] } },
  ];
  expect(search(patterns, event({ n: 42 })).found).toEqual([42, rules, rules + 1]);
});

test("T3: rules of many words in many fields do not multiply without bound", () => {
  // Every rule names a hundred of a thousand words in each field, each field's another hundred.
  const words = (i: number, step: number): string[] => Array.from({ length: 100 }, (_, n) => `w${(i * step + n * (step + 2)) % 1_000}`);
  const patterns = Array.from({ length: 400 }, (_, i) => ({ detail: { a: words(i, 7), b: words(i, 11), c: words(i, 13) } }));
  const from = process.threadCpuUsage();
  const { found } = search(patterns, event({ a: "w35", b: "w55", c: "w65" }));
  expect(found).toContain(5);
  expect(process.threadCpuUsage(from).user / 1_000).toBeLessThan(2_500);
});

test("T5: an array that says the same thing often costs no more", () => {
  const patterns = many((i) => ({ detail: { a: [`a${i % 100}`], b: [`b${Math.floor(i / 100)}`] } }));
  const often = (word: string): JsonValue => Array.from({ length: 1_000 }, () => word);
  const { found, asked } = search(patterns, event({ a: often("a2"), b: often("b3") }));
  expect({ found, asked }).toEqual({ found: [302], asked: 2 });
});

test("an address is found however it is written", () => {
  expect(
    search([...many((i) => ({ detail: { ip: [`host-${i}`] } })), { detail: { ip: ["10.0.0.1"] } }], event({ ip: "010.0.0.1" })).found,
  ).toEqual([rules]);
});
