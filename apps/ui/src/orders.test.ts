import { describe, expect, test } from "vitest";
import {
  applyMessage,
  applySnapshot,
  type Message,
  mergeOrder,
  type Order,
  type Orders,
  parseMessage,
  parseOrder,
  plain,
} from "./orders.ts";

const order = (fields: Partial<Record<keyof Order, unknown>>): Order => ({
  ...parseOrder({
    orderId: "o1",
    orderNumber: 7,
    orderState: "SUBMITTED",
    drinkOrder: { drink: "Latte", modifiers: ["Oat"] },
    name: "Ana",
    createdMs: 1000,
    updatedMs: 2000,
  }),
  ...(fields as Partial<Order>),
});
const orders = (...list: Order[]): Orders => new Map(list.map((one) => [one.orderId, one]));
const message = (type: string, detail: Message["detail"], id = "m1"): Message => ({
  id,
  time: "2026-01-01T00:00:03Z",
  type,
  detail: { orderId: "o1", ...detail },
});
const stateAfter = (before: Orders, ...messages: Message[]): Order | undefined => messages.reduce(applyMessage, before).get("o1");

describe("messages", () => {
  test.each([
    { type: "OrderManager.MakeOrder", detail: { baristaUserId: "b", TS: 3000 }, state: "MAKING" },
    { type: "OrderManager.MakeOrder", detail: { baristaUserId: "", TS: 3000 }, state: "SUBMITTED" },
    { type: "OrderManager.OrderCompleted", detail: { TS: 3000 }, state: "COMPLETED" },
    { type: "OrderManager.OrderCancelled", detail: { TS: 3000, reason: "Sold out" }, state: "CANCELLED" },
    { type: "OrderProcessor.OrderTimeOut", detail: { cause: "Barista timedout" }, state: "TIMEDOUT" },
    { type: "OrderProcessor.ShopUnavailable", detail: { reason: "full" }, state: "REFUSED" },
    { type: "OrderProcessor.orderFinished", detail: { outcome: "completed" }, state: "SUBMITTED" },
    { type: "Validator.NewOrder", detail: {}, state: "SUBMITTED" },
    { type: "Something.Else", detail: { TS: 3000 }, state: "SUBMITTED" },
  ])("$type leads to $state", ({ type, detail, state }) => {
    expect(stateAfter(orders(order({})), message(type, detail))?.orderState).toBe(state);
  });

  test("O2. one older than what is shown changes nothing", () => {
    const before = orders(order({ orderState: "MAKING", updatedMs: 5000 }));
    expect(applyMessage(before, message("OrderManager.MakeOrder", { baristaUserId: "", TS: 4000 }))).toBe(before);
    expect(applyMessage(before, message("OrderManager.MakeOrder", { baristaUserId: "", TS: 5000 }))).toBe(before);
  });

  test("O2. make and unmake end the same in whatever order they arrive", () => {
    const made = message("OrderManager.MakeOrder", { baristaUserId: "b", TS: 3000 });
    const unmade = message("OrderManager.MakeOrder", { baristaUserId: "", TS: 4000 });
    const before = orders(order({}));
    expect(stateAfter(before, made, unmade)).toEqual(stateAfter(before, unmade, made));
  });

  test("O3. a finished order stays finished", () => {
    const before = orders(order({ orderState: "COMPLETED", updatedMs: 3000 }));
    expect(applyMessage(before, message("OrderManager.OrderCancelled", { TS: 9000 }))).toBe(before);
    expect(applyMessage(before, message("OrderProcessor.OrderTimeOut", {}))).toBe(before);
  });

  test("O4. an order never heard of is partial until the API is asked", () => {
    const submitted = message("OrderManager.WaitingCompletion", {
      orderNumber: 8,
      drinkOrder: { drink: "Espresso", modifiers: [] },
      TS: 3000,
    });
    const found = stateAfter(new Map(), submitted);
    expect(found).toMatchObject({ orderState: "SUBMITTED", orderNumber: 8, drink: "Espresso", placedMs: 3000, partial: true });
    const asked = mergeOrder(orders(found as Order), order({ updatedMs: 3000, name: "Bob" })).get("o1");
    expect(asked).toMatchObject({ name: "Bob", partial: false, placedMs: 3000 });
  });
});

describe("events that overtake the one with drink and number", () => {
  const made = message("OrderManager.MakeOrder", { baristaUserId: "b", TS: 3000 }, "m2");
  const completed = message("OrderManager.OrderCompleted", { TS: 4000 }, "m3");
  const waiting = message("OrderManager.WaitingCompletion", { orderNumber: 7, drinkOrder: { drink: "Latte" }, name: "Ana", TS: 2000 });
  const scanned = order({ orderState: "CREATED", orderNumber: 0, name: "", drink: "", updatedMs: 1000 });

  test.each([[[made]], [[made, waiting]], [[made, completed]], [[made, completed, waiting]]])(
    "O4. the order is partial, and whole once the API is asked",
    (events) => {
      const known = stateAfter(orders(scanned), ...events);
      expect(known?.partial).toBe(true);
      const read = order({ orderState: known?.orderState, updatedMs: known?.updatedMs });
      expect(mergeOrder(orders(known as Order), read).get("o1")).toMatchObject({ orderNumber: 7, drink: "Latte", partial: false });
    },
  );

  test("a drink claimed before it had its number stays claimed when the number comes", () => {
    const claimed = order({ orderState: "MAKING", orderNumber: 0, updatedMs: 3000 });
    const numbered = message("OrderManager.WaitingCompletion", { orderNumber: 7, drinkOrder: {}, state: "MAKING", TS: 3001 });
    expect(stateAfter(orders(claimed), numbered)).toMatchObject({ orderState: "MAKING", orderNumber: 7 });
  });

  test("an older reading that has no number yet leaves a partial order partial", () => {
    const known = order({ orderState: "MAKING", orderNumber: 0, updatedMs: 3000, partial: true });
    expect(mergeOrder(orders(known), order({ orderNumber: 0 })).get("o1")?.partial).toBe(true);
  });
});

describe("snapshots", () => {
  test("O1. replace what was known and take up what came meanwhile", () => {
    const known = orders(order({ orderId: "gone" }), order({}));
    const made = message("OrderManager.MakeOrder", { baristaUserId: "b", TS: 3000 });
    const after = applySnapshot(known, [order({})], [made]);
    expect([...after.keys()]).toEqual(["o1"]);
    expect(after.get("o1")?.orderState).toBe("MAKING");
  });

  test("O3. one read a moment too early does not reopen a finished order", () => {
    const known = orders(order({ orderState: "TIMEDOUT", reason: "Barista timedout" }));
    expect(applySnapshot(known, [order({})], []).get("o1")?.orderState).toBe("TIMEDOUT");
    expect(mergeOrder(known, order({})).get("o1")?.orderState).toBe("TIMEDOUT");
    expect(mergeOrder(known, order({ orderState: "TIMEDOUT", updatedMs: 4000 })).get("o1")?.updatedMs).toBe(4000);
  });

  test("an older reading completes what is missing, and no more", () => {
    const known = orders(order({ orderState: "MAKING", updatedMs: 3000, name: "", drink: "", partial: true }));
    expect(mergeOrder(known, order({})).get("o1")).toMatchObject({ orderState: "MAKING", name: "Ana", drink: "Latte", partial: false });
  });
});

test.each([
  { name: "no JSON", payload: "{" },
  { name: "no id", payload: '{"type":"x"}' },
  { name: "a list", payload: "[]" },
  { name: "null", payload: "null" },
])("a payload that is $name is no message", ({ payload }) => expect(parseMessage(payload)).toBeUndefined());

test("text by strangers loses what hides or turns it", () => {
  expect(plain("A\u202Ena\u200B\u{e0041} ")).toBe("Ana");
  expect(plain("<img src=x onerror=alert(1)>")).toBe("<img src=x onerror=alert(1)>"); // shown literally
  expect(plain({})).toBe("");
});

test("what the API leaves out gets harmless defaults", () => {
  expect(parseOrder({ orderId: "x", orderNumber: null, drinkOrder: null, orderState: "ODD" })).toMatchObject({
    orderNumber: 0,
    orderState: "CREATED",
    drink: "",
    modifiers: [],
  });
});
