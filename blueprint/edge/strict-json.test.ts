import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonRefused, parseStrictJson } from "./strict-json.ts";

test.each([
  { name: "no JSON", text: "{" },
  { name: "NaN", text: '{"a":NaN}' },
  { name: "depth 200,000", text: "[".repeat(200_000) + "]".repeat(200_000) },
  {
    name: "100,000 keys",
    text: `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join(",")}}`.slice(0, 262_000).replace(/,[^,]*$/, "}"),
  },
  { name: "100,000 elements", text: `[${Array(100_000).fill(1).join(",")}]` },
  { name: "a name twice", text: '{"a":1,"b":{"a":1},"a":2}' },
  { name: "a name twice, once escaped", text: '{"a":1,"\\u0061":2}' },
  { name: "__proto__", text: '{"__proto__":{"isAdmin":true}}' },
  { name: "__proto__ escaped", text: '{"\\u005f_proto__":1}' },
  { name: "constructor deep inside", text: '[{"a":{"constructor":{}}}]' },
  { name: "2^53 + 1", text: '{"n":9007199254740993}' },
  { name: "1e400", text: '{"n":1e400}' },
])("refuses $name, quickly", ({ text }) => {
  const start = process.threadCpuUsage();
  expect(() => parseStrictJson(text)).toThrow(JsonRefused);
  expect(process.threadCpuUsage(start).user / 1_000).toBeLessThan(200);
});

test("takes whatever else JSON can say, as it is", () => {
  const text = fc.string({ maxLength: 12 }).filter((key) => !["__proto__", "constructor", "prototype"].includes(key));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(text, tie("any"), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (json) => {
      expect(parseStrictJson(JSON.stringify(json))).toEqual(JSON.parse(JSON.stringify(json)));
    }),
  );
  expect(parseStrictJson('{"a":"{[\\"","b":{"a":1.5e3}}')).toEqual({ a: '{["', b: { a: 1500 } });
});
