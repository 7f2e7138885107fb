import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonCopy } from "./json-copy.ts";

/** Looks at prototypes, -0 and the order of members; `toStrictEqual` takes a member named `constructor` for the class. */
function expectCopy(value: unknown, mostBytes = 6_291_456): void {
  const expected = JSON.parse(JSON.stringify(value) ?? "null");
  const copy = jsonCopy(value, mostBytes);
  expect(JSON.stringify(copy)).toBe(JSON.stringify(expected));
  expect(isDeepStrictEqual(copy, expected)).toBe(true);
}

const anything = fc.anything({
  key: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "toJSON", "constructor", "\ud800")),
  values: [
    fc.string({ unit: "binary" }),
    fc.constantFrom("\ud800", "\u0000", undefined, null, true, -0, Number.NaN, Number.POSITIVE_INFINITY),
    fc.double(),
    fc.constant(() => 1),
  ],
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSparseArray: true,
});

test("F2: a copy is what the text both ways makes", () => {
  fc.assert(
    fc.property(anything, (value) => expectCopy(value)),
    { numRuns: 2_000 },
  );
});

test.each([
  ["a toJSON", { a: { toJSON: () => 7 } }],
  ["an inherited toJSON", { a: Object.create({ toJSON: () => 7 }) }],
  ["members of a prototype", { a: Object.create({ b: 1 }, { c: { value: 2, enumerable: true } }) }],
  ["a __proto__ of its own", JSON.parse('{"__proto__":{"a":1}}')],
  ["no prototype", { a: Object.freeze(Object.assign(Object.create(null), { b: undefined })) }],
])("F2: a copy is what the text both ways makes, of %s", (_, value) => {
  expectCopy(value);
});

test("F2: the limit is the text's, to the byte", () => {
  fc.assert(
    fc.property(anything, (value) => {
      const bytes = Buffer.byteLength(JSON.stringify(value) ?? "null");
      if (bytes > 4) expect(jsonCopy(value, bytes - 1)).toBeUndefined();
      expectCopy(value, bytes);
    }),
  );
});

test("F2: a value in a circle fails as its text does", () => {
  const circle: Record<string, unknown> = {};
  circle.a = circle;
  expect(() => jsonCopy(circle, 6_291_456)).toThrow(TypeError);
});
