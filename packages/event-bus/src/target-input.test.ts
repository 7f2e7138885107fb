import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { expect, test } from "vitest";
import type { Envelope } from "./envelope.ts";
import type { Target } from "./rule.ts";
import { inputOf } from "./target-input.ts";

const envelope: Envelope = {
  version: "0",
  id: "i",
  "detail-type": "Order",
  source: "shop",
  account: "1",
  time: "t",
  region: "r",
  resources: [],
  detail: { drink: 'a "latte"', n: 7, list: [1, { a: 2 }], none: null },
};
const context = { ruleArn: "arn:rule", ruleName: "R", ingestedMs: 0 };
const give = (target: Partial<Target>): JsonValue => inputOf({ Id: "t", Arn: "a", ...target }, envelope, context);

const paths = { drink: "$.detail.drink", n: "$.detail.n", list: "$.detail.list", id: "$.id", gone: "$.detail.gone" };
const template = (InputTemplate: string): JsonValue => give({ InputTransformer: { InputPathsMap: paths, InputTemplate } });

test("the whole event, a constant, or a part", () => {
  expect(give({})).toBe(envelope);
  expect(give({ Input: '{"a":1}' })).toEqual({ a: 1 });
  expect(give({ Input: "text" })).toBe("text");
  expect(give({ InputPath: "$" })).toBe(envelope);
  expect(give({ InputPath: "$.detail.list[1].a" })).toBe(2);
  expect(give({ InputPath: "$['detail'][\"n\"]" })).toBe(7);
  expect(give({ InputPath: "$.detail-type" })).toBe("Order");
  for (const InputPath of ["$.detail.gone", "$.detail.n.x", "$.detail.list.a", "detail", "$.detail..n", "$.detail.toString"])
    expect(give({ InputPath })).toBeNull();
  expect(give({ InputPath: "$.detail.list[*]" })).toEqual([1, { a: 2 }]);
});

test.each<{ name: string; from: string; to: JsonValue }>([
  {
    name: "I1: JSON outside quotes",
    from: '{"d": <drink>, "n": <n>, "l": <list>, "g": <gone>}',
    to: { d: 'a "latte"', n: 7, l: [1, { a: 2 }], g: null },
  },
  { name: "I1: text inside quotes", from: '{"m": "<drink> no. <n> <gone>"}', to: { m: 'a "latte" no. 7 ' } },
  { name: "I1: an object inside quotes is its JSON", from: '"all: <list>"', to: 'all: [1,{"a":2}]' },
  { name: "I2: no JSON is text", from: "<id> orders <drink>", to: 'i orders a "latte"' },
  { name: "an unknown name has no value", from: '{"x": <unknown>}', to: { x: null } },
  { name: "escaped quotes in a text", from: '{"m": "say \\"<id>\\" <n>"}', to: { m: 'say "i" 7' } },
])("$name", ({ from, to }) => expect(template(from)).toEqual(to));

test("the predefined names", () => {
  expect(
    template(
      '{"r": <aws.events.rule-name>, "a": "<aws.events.rule-arn>", "t": <aws.events.event.ingestion-time>, "e": <aws.events.event.json>}',
    ),
  ).toEqual({
    r: "R",
    a: "arn:rule",
    t: "1970-01-01T00:00:00Z",
    e: envelope as unknown as JsonObject,
  });
});
