/** A bump bar: 1 to 9 choose an order, Enter moves it on, U takes the last step back. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Order } from "../../ui/src/orders.ts";
import type { BaristaApp } from "./barista-app.ts";

/** The screen by keys: a digit chooses an order, letters act on it. `press` returns whether the key meant something. */
export interface Keyboard {
  /** The chosen order's id. */
  readonly chosen: ReadonlySignal<string>;
  /** Returns the digit that chooses this order; 0 without one. */
  keyOf(orderId: string): number;
  press(key: string): boolean;
}

/** Returns the keys for an app; no order is chosen at first. */
export function createKeyboard(app: BaristaApp): Keyboard {
  const chosen = signal("");
  const workable = (): readonly Order[] => [...app.columns.value.preview, ...app.columns.value.production];
  const find = (): Order | undefined => workable().find(({ orderId }) => orderId === chosen.peek());

  function choose(digit: number): boolean {
    const order = workable()[digit - 1];
    if (order) chosen.value = order.orderId;
    return order !== undefined;
  }

  function moveOn(): boolean {
    const order = find();
    if (order) app.act(order.orderState === "SUBMITTED" ? "make" : "complete", order);
    return order !== undefined;
  }

  function takeBack(): boolean {
    if (app.undo()) return true;
    const order = find();
    if (order?.orderState !== "MAKING") return false;
    app.act("unmake", order);
    return true;
  }

  return {
    chosen,
    keyOf: (orderId) => {
      const index = workable().findIndex((order) => order.orderId === orderId);
      return index < 9 ? index + 1 : 0;
    },
    press(key) {
      if (/^[1-9]$/.test(key)) return choose(Number(key));
      if (key === "Enter") return moveOn();
      return key.toLowerCase() === "u" && takeBack();
    },
  };
}

/** Whether a key belongs to the element that has the focus rather than to the bump bar. */
export function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(event.target instanceof Element)) return true;
  if (event.target.closest("dialog, input, select, textarea")) return true;
  return event.key === "Enter" && event.target.closest("button, a, summary") !== null;
}
