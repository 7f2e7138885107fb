import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { compileQuery, mostSteps } from "./bounded.ts";

const input = {
  drink: "latte",
  n: 3,
  none: [],
  one: [1],
  orders: [
    { id: "o-1", cups: 2, price: 3.5, tags: ["hot"] },
    { id: "o-2", cups: 1, price: 4, tags: ["iced", "oat"] },
    { id: "o-3", cups: 1, price: 2.25 },
  ],
};
const answerOf = (expression: string, variables: JsonObject = {}) =>
  compileQuery(expression)?.({ states: { input }, ...variables }, () => Date.UTC(2026, 0, 2));

describe("values", () => {
  test.each<{ expression: string; value: JsonValue | undefined }>([
    { expression: "$states.input.drink", value: "latte" },
    { expression: "$states.input.orders.id", value: ["o-1", "o-2", "o-3"] },
    { expression: "$states.input.orders.tags", value: ["hot", "iced", "oat"] },
    { expression: "$states.input.one", value: [1] },
    { expression: "$states.input.one[0]", value: 1 },
    { expression: "$states.input.orders[cups = 2].id", value: "o-1" },
    { expression: "$states.input.orders[cups = 2].id[]", value: ["o-1"] },
    { expression: "$states.input.orders[-1].id", value: "o-3" },
    { expression: "$states.input.orders[[0..1]].cups", value: [2, 1] },
    { expression: "$states.input.orders^(>price).id", value: ["o-2", "o-1", "o-3"] },
    { expression: "$states.input.orders{$string(cups): $sum(price)}", value: { "1": 6.25, "2": 3.5 } },
    {
      expression: "$states.input.orders.{'id': id, 'cost': cups * price}[0]",
      value: [
        { id: "o-1", cost: 7 },
        { id: "o-2", cost: 4 },
        { id: "o-3", cost: 2.25 },
      ],
    },
    { expression: "$states.input.none", value: [] },
    { expression: "$states.input.missing", value: undefined },
    { expression: "$states.input.missing ?? 'x'", value: "x" },
    { expression: "$states.input.none ?: 'x'", value: "x" },
    { expression: "($x := $states.input.n; $y := $x * 2; $x + $y)", value: 9 },
    { expression: "$map($states.input.orders, function($o, $i){ $i & ':' & $o.id })", value: ["0:o-1", "1:o-2", "2:o-3"] },
    { expression: "$reduce([1..4], function($a, $b){ $a * $b })", value: 24 },
    { expression: "$states.input.orders.price ~> $sum() ~> $round(1)", value: 9.8 },
    { expression: "'a' in ['a', 'b'] and $not(1 > 2)", value: true },
    { expression: "$now()", value: "2026-01-02T00:00:00.000Z" },
    { expression: "$toMillis('2026-01-02T01:00:00.5+01:00')", value: Date.UTC(2026, 0, 2, 0, 0, 0, 500) },
    { expression: "1 / 3 & ''", value: "0.333333333333333" },
    { expression: "$partition([1..5], 2)", value: [[1, 2], [3, 4], [5]] },
    { expression: "$hash('flat white', 'MD5')", value: "dc64f12d55fbc05645fa676c238447d1" },
    { expression: "$random(42)", value: 0.7275636800328681 },
    { expression: "$sum", value: 7 },
  ])("$expression", ({ expression, value }) => {
    expect(answerOf(expression, expression === "$sum" ? { sum: 7 } : {})).toMatchObject({ kind: "value", value });
  });
});

describe("Q2: what is for the thread", () => {
  test.each([
    "1 +",
    "$f(1)",
    "'a' + 1",
    "$states.input.orders[`0`",
    "$sum",
    "{'f': $sum}",
    "$number('x')",
    "1 / 0",
    "$error('x')",
    "$sqrt(-1)",
  ])("an error: %s", (expression) => expect(answerOf(expression)?.kind).not.toBe("value"));
  test.each([
    "$match('a', /a/)",
    "$contains('a', /a/)",
    "$states.input.orders@$o.id",
    "$states.input.orders#$i.id",
    "orders.tags.%",
    "$states ~> |input|{'a': 1}|",
    "$formatNumber(1, '0')",
    "$eval('1')",
    "function($x)<n:n>{$x}(1)",
    "$substring(?, 1)('ab')",
    "[$x := 1, $x]",
    `1${" ?: 1".repeat(30)}`,
    `${"(".repeat(100)}1${")".repeat(100)}`,
  ])("beyond what is evaluated here: %s", (expression) => expect(answerOf(expression)?.kind).not.toBe("value"));
});

describe("Q3: the budget", () => {
  test.each([
    "[1..100000]",
    "[1..300].[1..300]",
    "($f := function($n){ $f($n + 1) }; $f(0))",
    "($f := function($n){ 1 + $f($n) }; $f(0))",
    "$reduce([1..40], function($all, $one){ $all & $all }, 'x')",
    "$reduce([1..40], function($all, $one){ $append($all, $all) }, [1])",
    "$reduce([1..200], function($all, $one){ [[$all]] }, 1)",
    "[1..10000].$states.input",
    "$pad('x', 1000000)",
    "$range(1, 90000, 1)",
    "$distinct([1..1000])",
  ])("%s ends", (expression) => {
    const answer = answerOf(expression);
    expect(answer?.kind).toBe("thread");
    expect(answer?.steps).toBeLessThanOrEqual(mostSteps);
  });

  test("a long text counts by its length, a value where it is named again", () => {
    const text = "x".repeat(100_000);
    expect(answerOf("$text & ''", { text })?.steps).toBeGreaterThan(6_000);
    expect(answerOf("[$text, $text, $text, $text]", { text })?.kind).toBe("thread");
  });
});

describe("Q4: members are an object's own", () => {
  const hostile = JSON.parse('{"__proto__": {"a": 1}, "b": 2}') as JsonObject;
  test.each<{ expression: string; value: JsonValue | undefined }>([
    { expression: "$x.constructor", value: undefined },
    { expression: "$x.toString", value: undefined },
    { expression: "$lookup($x, 'hasOwnProperty')", value: undefined },
    { expression: "$x.`__proto__`.a", value: 1 },
    { expression: "$y.`__proto__`", value: undefined },
    { expression: "constructor", value: undefined },
    { expression: "$constructor", value: undefined },
    { expression: "$__proto__", value: undefined },
  ])("$expression", ({ expression, value }) => {
    expect(answerOf(expression, { x: hostile, y: { b: 1 } })).toMatchObject({ kind: "value", value });
  });

  test("an object that is made with such a member has it, and no other has", () => {
    const answer = answerOf("{'__proto__': {'a': 1}, 'b': $merge([$x, {'c': 3}])}", { x: hostile });
    expect(answer?.kind === "value" && JSON.stringify(answer.value)).toBe('{"__proto__":{"a":1},"b":{"__proto__":{"a":1},"b":2,"c":3}}');
    expect(Object.hasOwn(Object.prototype, "a")).toBe(false);
  });
});

test("Q5: data that JSONata would change or mistake are left alone", () => {
  expect(answerOf("$states.input.none{'a': 1}")?.kind).toBe("thread");
  expect(answerOf("$x.a", { x: { _jsonata_lambda: true, a: 1 } })?.kind).toBe("thread");
  expect(input.none).toEqual([]);
});
