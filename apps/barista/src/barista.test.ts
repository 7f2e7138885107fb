import { signal } from "@preact/signals";
import type { OrderState } from "@serverlesspresso/contract";
import { describe, expect, test, vi } from "vitest";
import { type Order, parseOrder } from "../../ui/src/orders.ts";
import type { Action } from "../../ui/src/outbox.ts";
import type { BaristaApp } from "./barista-app.ts";
import { batches, columnsOf, type Kind } from "./columns.ts";
import { createKeyboard } from "./keyboard.ts";

const order = (orderNumber: number, orderState: OrderState, modifiers: string[] = []): Order =>
  parseOrder({ orderId: `o${orderNumber}`, orderNumber, orderState, updatedMs: orderNumber, drinkOrder: { drink: "Latte", modifiers } });
const orders = (...list: Order[]) => new Map(list.map((one) => [one.orderId, one] as const));
const action = (kind: Kind, lane: string): Action<Kind> => ({
  key: kind + lane,
  kind,
  lane,
  body: {},
  notBeforeMs: 0,
  attempts: 0,
  place: 0,
});
const numbers = (list: readonly Order[]): number[] => list.map(({ orderNumber }) => orderNumber);

describe("columns", () => {
  const all = orders(
    order(3, "SUBMITTED"),
    order(1, "SUBMITTED"),
    order(2, "MAKING"),
    order(4, "COMPLETED"),
    order(5, "COMPLETED"),
    order(6, "CANCELLED"),
    order(0, "CREATED"),
  );

  test("orders stand by stage, oldest first, the last finished on top", () => {
    const { preview, production, pickup } = columnsOf(all, []);
    expect([numbers(preview), numbers(production), numbers(pickup)]).toEqual([[1, 3], [2], [5, 4]]);
  });

  test("T1. a tap shows at once where it leads; a call moves nothing", () => {
    const { preview, production, pickup } = columnsOf(all, [
      action("make", "o1"),
      action("complete", "o1"),
      action("cancel", "o3"),
      action("announce", "o4"),
      action("unmake", "o2"),
    ]);
    expect([numbers(preview), numbers(production), numbers(pickup)]).toEqual([[2], [], [5, 4, 1]]);
  });

  test("the same drinks are counted across orders, never across options", () => {
    const some = columnsOf(
      orders(
        order(1, "SUBMITTED", ["Oat"]),
        order(2, "MAKING", ["Oat"]),
        order(3, "SUBMITTED", ["Regular"]),
        order(4, "COMPLETED", ["Oat"]),
      ),
      [],
    );
    expect(batches(some)).toEqual([{ label: "Latte · Oat", count: 2 }]);
  });
});

describe("bump bar", () => {
  function open(pending: boolean) {
    const act = vi.fn();
    const columns = signal(columnsOf(orders(order(1, "SUBMITTED"), order(2, "MAKING")), []));
    const app = { columns, act, undo: () => pending } as unknown as BaristaApp;
    return { keyboard: createKeyboard(app), act };
  }

  test("digits choose, Enter moves on, U takes back", () => {
    const { keyboard, act } = open(false);
    expect(keyboard.press("Enter")).toBe(false);
    for (const key of ["1", "Enter", "2", "Enter", "u"]) expect(keyboard.press(key)).toBe(true);
    expect(act.mock.calls.map(([kind, { orderNumber }]) => [kind, orderNumber])).toEqual([
      ["make", 1],
      ["complete", 2],
      ["unmake", 2],
    ]);
    expect([keyboard.press("9"), keyboard.press("x")]).toEqual([false, false]);
    expect([keyboard.keyOf("o2"), keyboard.keyOf("gone")]).toEqual([2, 0]);
  });

  test("U undoes what rests before it unmakes", () => {
    const { keyboard, act } = open(true);
    keyboard.press("2");
    expect(keyboard.press("U")).toBe(true);
    expect(act).not.toHaveBeenCalled();
  });
});
