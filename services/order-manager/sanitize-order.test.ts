import fc from "fast-check";
import { expect, test } from "vitest";
import { type MenuEntry, sanitizeOrder } from "./sanitize-order.ts";

const menu: readonly MenuEntry[] = [
  { drink: "Espresso", available: true, modifiers: [] },
  {
    drink: "Latte",
    available: true,
    modifiers: [
      { Name: "Milk", Options: ["Regular", "Oat"] },
      { Name: "Size", Options: ["Small", "Large"] },
    ],
  },
  { drink: "Mocha", available: false, modifiers: [] },
];

test.each([
  { body: { drink: "Espresso" }, drinkOrder: { drink: "Espresso", modifiers: [] }, name: "", note: "" },
  {
    body: { drink: "Latte", modifiers: ["Large", "Oat"] },
    drinkOrder: { drink: "Latte", modifiers: ["Oat", "Large"] },
    name: "",
    note: "",
  },
  {
    body: { drink: "Espresso", name: " Bo\u202eb\u200b\u{e0041} ", note: "hot,\nplease" },
    drinkOrder: { drink: "Espresso", modifiers: [] },
    name: "Bo b",
    note: "hot, please",
  },
])("right: $body", ({ body, drinkOrder, name, note }) => {
  expect(sanitizeOrder(body, menu)).toEqual({ verdict: "right", drinkOrder, name, note });
});

test.each([
  { name: "no drink", body: {}, fields: ["drink"] },
  { name: "unknown drink", body: { drink: "Tea" }, fields: ["drink"] },
  { name: "a drink by a name of every object", body: { drink: "constructor" }, fields: ["drink"] },
  { name: "sold out", body: { drink: "Mocha" }, fields: ["drink"] },
  { name: "unknown option", body: { drink: "Latte", modifiers: ["Soy"] }, fields: ["modifiers"] },
  { name: "repeated option", body: { drink: "Latte", modifiers: ["Oat", "Oat"] }, fields: ["modifiers"] },
  { name: "second of a group", body: { drink: "Latte", modifiers: ["Oat", "Regular"] }, fields: ["modifiers"] },
  { name: "options that are no list", body: { drink: "Latte", modifiers: "Oat" }, fields: ["modifiers"] },
  { name: "all of it", body: { drink: "Latte", modifiers: [1], name: "x".repeat(41), note: 7 }, fields: ["name", "note", "modifiers"] },
])("wrong: $name", ({ body, fields }) => {
  const verdict = sanitizeOrder(body, menu);
  expect(verdict).toMatchObject({ verdict: "wrong", problem: { status: 422, errors: fields.map((field) => ({ field })) } });
});

test("what is wrong is said with the choice as it was read", () => {
  const read = { drinkOrder: { drink: "Mocha", modifiers: ["Oat"] }, name: "Eve", note: "" };
  expect(sanitizeOrder({ drink: "Mocha", modifiers: ["Oat"], name: "Eve" }, menu)).toMatchObject({ verdict: "wrong", ...read });
});

test("whatever is sent, the verdict is one of two, and what is right is on the menu", () => {
  const option = fc.constantFrom("Regular", "Oat", "Small", "Large", "Soy", "");
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({ drink: fc.constantFrom("Espresso", "Latte", "Mocha", "Tea"), modifiers: fc.array(option), note: fc.string() }),
  );
  fc.assert(
    fc.property(body, (sent) => {
      const verdict = sanitizeOrder(sent as Parameters<typeof sanitizeOrder>[0], menu);
      if (verdict.verdict !== "right") return verdict.verdict === "wrong";
      const entry = menu.find(({ drink }) => drink === verdict.drinkOrder.drink);
      const groups = verdict.drinkOrder.modifiers.map((one) => entry?.modifiers.find(({ Options }) => Options.includes(one))?.Name);
      return entry?.available === true && !groups.includes(undefined) && new Set(groups).size === groups.length;
    }),
  );
});
