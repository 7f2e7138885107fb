import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyOf, textOf } from "./compression.ts";

const value = fc.oneof(
  fc.jsonValue(),
  fc.array(fc.record({ name: fc.string(), drink: fc.constantFrom("Latte", "Espresso") }), { minLength: 60 }),
);

test("B1: a body gives back its text", () => {
  fc.assert(
    fc.property(value, (json) => {
      const text = JSON.stringify(json);
      expect(textOf(bodyOf(text))).toBe(text);
    }),
  );
});

test("a long text is stored in less; a short one, and one that does not shrink, as it is", () => {
  const long = JSON.stringify(Array.from({ length: 200 }, (_, number) => ({ drink: "Latte", number })));
  expect(bodyOf(long).length).toBeLessThan(long.length / 4);
  expect(bodyOf('{"a":1}').toString()).toBe('{"a":1}');
});

test("B2: what an earlier release wrote is read as it is, however long", () => {
  const text = JSON.stringify("x".repeat(10_000));
  expect(textOf(Buffer.from(text))).toBe(text);
});
