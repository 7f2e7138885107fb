import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChosenBefore, type MenuEntry, sanitizeOrder } from "./sanitize-order.ts";

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
const fresh: ChosenBefore = { state: "CREATED", drinkOrder: null, name: "Ada", note: "" };

test.each([
  { body: { drink: "Espresso" }, drinkOrder: { drink: "Espresso", modifiers: [] }, name: "Ada", note: "" },
  {
    body: { drink: "Latte", modifiers: ["Large", "Oat"] },
    drinkOrder: { drink: "Latte", modifiers: ["Oat", "Large"] },
    name: "Ada",
    note: "",
  },
  {
    body: { drink: "Espresso", name: " Bo\u202eb\u200b\u{e0041} ", note: "hot,\nplease" },
    drinkOrder: { drink: "Espresso", modifiers: [] },
    name: "Bo b",
    note: "hot, please",
  },
])("right: $body", ({ body, drinkOrder, name, note }) => {
  expect(sanitizeOrder(body, menu, fresh)).toEqual({ verdict: "right", drinkOrder, name, note });
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
  const verdict = sanitizeOrder(body, menu, fresh);
  expect(verdict).toMatchObject({ verdict: "wrong", problem: { status: 422, errors: fields.map((field) => ({ field })) } });
});

test("what is ordered already: the same is a repeat even when sold out, another comes too late", () => {
  const placed = { ...fresh, state: "SUBMITTED", drinkOrder: { drink: "Mocha", modifiers: [] } };
  expect(sanitizeOrder({ drink: "Mocha", name: "Ada" }, menu, placed)).toMatchObject({ verdict: "repeated" });
  expect(sanitizeOrder({ drink: "Mocha", name: "Eve" }, menu, placed)).toEqual({ verdict: "placed" });
  expect(sanitizeOrder({ drink: "Latte" }, menu, placed)).toEqual({ verdict: "placed" });
});

test("whatever is sent, the verdict is one of four, and what is right is on the menu", () => {
  const option = fc.constantFrom("Regular", "Oat", "Small", "Large", "Soy", "");
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({ drink: fc.constantFrom("Espresso", "Latte", "Mocha", "Tea"), modifiers: fc.array(option), note: fc.string() }),
  );
  fc.assert(
    fc.property(body, (sent) => {
      const verdict = sanitizeOrder(sent as Parameters<typeof sanitizeOrder>[0], menu, fresh);
      if (verdict.verdict !== "right") return verdict.verdict === "wrong";
      const entry = menu.find(({ drink }) => drink === verdict.drinkOrder.drink);
      const groups = verdict.drinkOrder.modifiers.map((one) => entry?.modifiers.find(({ Options }) => Options.includes(one))?.Name);
      return entry?.available === true && !groups.includes(undefined) && new Set(groups).size === groups.length;
    }),
  );
});
