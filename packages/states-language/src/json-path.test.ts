import type { JsonValue } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { PathLimitError } from "./budget.ts";
import { compilePath } from "./json-path.ts";

const shop: JsonValue = {
  open: true,
  menu: [
    { drink: "Espresso", price: 2.5, tags: ["short"] },
    { drink: "Latte", price: 4, tags: ["milk", "large"] },
    { drink: "Flat White", price: 3.8, tags: ["milk"] },
  ],
  "store-name": "Pop-up",
  "it's": 1,
  queue: { length: 3 },
  nothing: null,
};

describe("what a path finds", () => {
  test.each([
    { path: "$", found: shop },
    { path: "$.open", found: true },
    { path: "$.store-name", found: "Pop-up" },
    { path: "$['store-name']", found: "Pop-up" },
    { path: "$['it\\'s']", found: 1 },
    { path: "$.nothing", found: null },
    { path: "$.menu[0].drink", found: "Espresso" },
    { path: "$.menu[-1].drink", found: "Flat White" },
    { path: "$.menu[9].drink", found: undefined },
    { path: "$.missing", found: undefined },
    { path: "$.missing[*]", found: undefined },
    { path: "$.menu[*].missing", found: [] },
    { path: "$.menu[*].drink", found: ["Espresso", "Latte", "Flat White"] },
    { path: "$.menu[0,2].price", found: [2.5, 3.8] },
    { path: "$.menu[1:].drink", found: ["Latte", "Flat White"] },
    { path: "$.menu[:1].drink", found: ["Espresso"] },
    { path: "$.menu[-2:].drink", found: ["Latte", "Flat White"] },
    { path: "$.menu[0:3:2].drink", found: ["Espresso", "Flat White"] },
    { path: "$.open[0:1]", found: undefined },
    { path: "$.menu[0]['drink','price']", found: { drink: "Espresso", price: 2.5 } },
    { path: "$..price", found: [2.5, 4, 3.8] },
    { path: "$..tags[0]", found: ["short", "milk", "milk"] },
    { path: "$.queue.length", found: 3 },
    { path: "$.menu.length()", found: 3 },
    { path: "$.menu[*].price.max()", found: 4 },
    { path: "$..price.sum()", found: 10.3 },
    { path: "$.queue.keys()", found: ["length"] },
    { path: "$.menu.first().drink", found: "Espresso" },
    { path: "$.missing.length()", found: undefined },
    { path: "$.menu[?(@.price < 4)].drink", found: ["Espresso", "Flat White"] },
    { path: "$.menu[?(@.price >= 3.8 && @.drink != 'Latte')].drink", found: ["Flat White"] },
    { path: "$.menu[?(@.drink == 'Latte' || @.price == 2.5)].price", found: [2.5, 4] },
    { path: "$.menu[?(!(@.price > 3))].drink", found: ["Espresso"] },
    { path: "$.menu[?(@.tags[1])].drink", found: ["Latte"] },
    { path: "$.menu[?('milk' in @.tags)].drink", found: ["Latte", "Flat White"] },
    { path: "$.menu[?(@.tags contains 'short')].drink", found: ["Espresso"] },
    { path: "$.menu[?(@.tags size 2)].drink", found: ["Latte"] },
    { path: "$.menu[?(@.drink in ['Latte', 'Mocha'])].price", found: [4] },
    { path: "$.menu[?(@.price == $.queue.length)]", found: [] },
    { path: "$.menu[?(@.tags subsetof ['milk'])].drink", found: ["Flat White"] },
    { path: "$.queue[?(@.length == 3)]", found: [{ length: 3 }] },
  ])("$path", ({ path, found }) => {
    const got = compilePath(path).select(shop);
    if (typeof got === "number") expect(got).toBeCloseTo(found as number);
    else expect(got).toEqual(found);
  });
});

describe("what is no path", () => {
  test.each([
    "",
    "a",
    "$.",
    "$[",
    "$['a",
    "$.a[",
    "$.a[x]",
    "$..",
    "$.a[?(@.b =~ /x/)]",
    "$.a[?(@.b like 1)]",
    "$.a[1:2:0]",
    "$.a b",
    "$.a[?(1)]",
    "$23",
  ])("%s", (path) => expect(() => compilePath(path)).toThrow(/character/));
});

describe("bounds", () => {
  test("a filter nests at most 32 deep", () => {
    expect(() => compilePath(`$.a[?(${"(".repeat(40)}@.b${")".repeat(40)})]`)).toThrow("nested too deeply");
  });

  test("one evaluation visits a bounded number of values", () => {
    const wide = { a: Array.from({ length: 1_000 }, () => ({ b: 1 })) };
    expect(() => compilePath("$.a[?(@.b == $.a[?(@.b > 2)].length())]").select(wide)).toThrow(PathLimitError);
  });

  test("a deep document is scanned to a bounded depth", () => {
    let deep: JsonValue = 1;
    for (let i = 0; i < 1_000; i++) deep = [deep];
    expect(() => compilePath("$..a").select(deep)).toThrow(PathLimitError);
  });

  test("names of the prototype lead nowhere", () => {
    for (const name of ["__proto__", "constructor", "toString"]) expect(compilePath(`$.${name}`).select({})).toBeUndefined();
    expect(compilePath("$.constructor()").select({})).toBeUndefined();
  });
});
