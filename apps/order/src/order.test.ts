import { describe, expect, test } from "vitest";
import { type Order, type OrderState, parseOrder } from "../../ui/src/orders.ts";
import { parseMenu } from "../../ui/src/shop.ts";
import { chosenOptions, emptyDraft, sameAgain, submission } from "./draft.ts";
import { stepStatuses } from "./journey.ts";
import { currentOrder, screenOf } from "./screen.ts";

const [latte, espresso] = parseMenu([
  { drink: "Latte", icon: "latte", available: true, modifiers: [{ Name: "Milk", Options: ["Regular", "Oat"] }] },
  { drink: "Espresso", icon: "espresso", available: true, modifiers: [] },
]);
const order = (orderId: string, orderState: OrderState, fields: Record<string, unknown> = {}): Order =>
  parseOrder({
    orderId,
    orderState,
    createdMs: 1000,
    updatedMs: 1000,
    drinkOrder: { drink: "Latte", modifiers: ["Oat"] },
    name: "Ana",
    ...fields,
  });
const orders = (...list: Order[]) => new Map(list.map((one) => [one.orderId, one] as const));

describe("the draft", () => {
  test("submits one option of each group, the first where none was chosen", () => {
    expect(submission(latte!, emptyDraft)).toEqual({ drink: "Latte", modifiers: ["Regular"] });
    expect(submission(latte!, { ...emptyDraft, options: { Milk: "Oat" }, name: "Ana", note: "hot" })).toEqual({
      drink: "Latte",
      modifiers: ["Oat"],
      name: "Ana",
      note: "hot",
    });
    expect(submission(espresso!, { ...emptyDraft, options: { Milk: "Oat" } })).toEqual({ drink: "Espresso", modifiers: [] });
  });

  test("an option the menu has dropped falls back", () => {
    expect(chosenOptions(latte!, { ...emptyDraft, options: { Milk: "Soy" } })).toEqual({ Milk: "Regular" });
  });

  test("the same again is the same submission", () => {
    const again = sameAgain(order("o", "COMPLETED", { note: "hot" }), [latte!, espresso!]);
    expect(submission(latte!, again)).toEqual({ drink: "Latte", modifiers: ["Oat"], name: "Ana", note: "hot" });
  });
});

describe("the screen", () => {
  test.each([
    { state: "CREATED", kind: "choose" },
    { state: "SUBMITTED", kind: "progress" },
    { state: "MAKING", kind: "progress" },
    { state: "COMPLETED", kind: "ended" },
    { state: "REFUSED", kind: "ended" },
  ] as const)("$state shows $kind", ({ state, kind }) => expect(screenOf(order("o", state)).kind).toBe(kind));

  test("an open order goes before a newer ending", () => {
    expect(currentOrder(orders(order("a", "MAKING"), order("b", "CANCELLED", { createdMs: 9000 })), "", 9000)?.orderId).toBe("a");
  });

  test("an ending is shown until it is put away or old", () => {
    const ended = orders(order("a", "COMPLETED"));
    expect(currentOrder(ended, "", 2000)?.orderId).toBe("a");
    expect(currentOrder(ended, "a", 2000)).toBeUndefined();
    expect(currentOrder(ended, "", 2000 + 30 * 60_000)).toBeUndefined();
  });
});

test.each([
  { name: "choosing", order: order("o", "CREATED"), at: ["done", "done", "now", "ahead", "ahead", "ahead"] },
  { name: "being made", order: order("o", "MAKING", { orderNumber: 3 }), at: ["done", "done", "done", "done", "now", "ahead"] },
  { name: "completed", order: order("o", "COMPLETED", { orderNumber: 3 }), at: ["done", "done", "done", "done", "done", "done"] },
  { name: "refused as full", order: order("o", "REFUSED", { reason: "full" }), at: ["done", "caught", "ahead", "ahead", "ahead", "ahead"] },
  { name: "timed out by the guest", order: order("o", "TIMEDOUT"), at: ["done", "done", "caught", "ahead", "ahead", "ahead"] },
  {
    name: "cancelled while waiting",
    order: order("o", "CANCELLED", { orderNumber: 3 }),
    at: ["done", "done", "done", "done", "caught", "done"],
  },
])("the journey of an order $name", ({ order: one, at }) => expect(stepStatuses(one)).toEqual(at));
