import { signal } from "@preact/signals";
import type { OrderState } from "@serverlesspresso/contract";
import { describe, expect, test, vi } from "vitest";
import { createServerClock } from "../../ui/src/clock.ts";
import { createManualClock } from "../../ui/src/manual-clock.ts";
import { type Order, parseOrder } from "../../ui/src/orders.ts";
import { Problem } from "../../ui/src/problem.ts";
import { parseMenu, parseShop, type Shop } from "../../ui/src/shop.ts";
import { chosenOptions, emptyDraft, sameAgain, submission } from "./draft.ts";
import { type ChoiceTime, followChoice, leaveWithReason } from "./ends.ts";
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

describe("what is over by itself", () => {
  const shopOf = (fields: Record<string, unknown>): Shop => parseShop({ storeOpen: true, customerTimeoutSeconds: 300, ...fields });

  test("N1, N2. the time to choose is the order's own, and its end is asked for until the order has ended", () => {
    const clock = createManualClock(1000);
    const current = signal<Order | undefined>(order("o", "CREATED"));
    const shop = signal<Shop | undefined>(undefined);
    const choice = signal<ChoiceTime | undefined>(undefined);
    const refetch = vi.fn(() => void (current.value = { ...(current.value as Order) }));
    followChoice({ current, shop, choice, refetch, clock, serverClock: createServerClock(clock) });
    shop.value = shopOf({});
    shop.value = shopOf({ customerTimeoutSeconds: 60 });
    expect(choice.value).toEqual({ orderId: "o", ms: 300_000 });
    clock.advance(300_000);
    expect(refetch).not.toHaveBeenCalled();
    clock.advance(6_000);
    expect(refetch).toHaveBeenCalledTimes(2);
    current.value = order("o", "TIMEDOUT");
    clock.advance(60_000);
    expect(refetch).toHaveBeenCalledTimes(2);
  });

  test("N3. a refusal leaves with its reason", () => {
    const clock = createManualClock(0);
    const refusal = signal<unknown>(undefined);
    const shop = signal<Shop | undefined>(shopOf({}));
    const current = signal<Order | undefined>(undefined);
    leaveWithReason({ refusal, shop, current, serverClock: createServerClock(clock) });
    refusal.value = new Problem("no-drinks-left", 429, "", 90_000);
    clock.advance(89_999);
    expect(refusal.value).toBeDefined();
    clock.advance(1);
    expect(refusal.value).toBeUndefined();
    refusal.value = new Problem("code-expired", 410, "");
    shop.value = shopOf({ storeOpen: false });
    shop.value = shopOf({});
    expect(refusal.value).toBeDefined();
    refusal.value = new Problem("shop-closed", 503, "", 600_000);
    shop.value = shopOf({ storeOpen: false });
    expect(refusal.value).toBeDefined();
    shop.value = shopOf({});
    expect(refusal.value).toBeUndefined();
    refusal.value = new Problem("order-limit", 409, "");
    current.value = order("old", "COMPLETED");
    current.value = order("o", "MAKING");
    expect(refusal.value).toBeDefined();
    current.value = order("o", "COMPLETED");
    expect(refusal.value).toBeUndefined();
  });
});
