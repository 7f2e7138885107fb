/** Law: the token reader agrees with `JSON.parse`. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readTokens } from "./json-tokens.ts";

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
