/**
 * The barista's columns, as a function of the orders and of what this tablet has on its way.
 *
 * T1. A tap shows at once: the order stands where the action will put it, until the answer puts it where it is.
 */
import type { orderActions } from "@serverlesspresso/contract";
import { lastCompleted, ordersIn } from "../../ui/src/board.ts";
import type { Order, Orders } from "../../ui/src/orders.ts";
import type { Action } from "../../ui/src/outbox.ts";

/** What a barista can do with an order. */
export type Kind = "make" | "unmake" | "complete" | "cancel" | "announce";

/** The three columns of the screen. */
export interface Columns {
  /** To be claimed. */
  readonly preview: readonly Order[];
  /** Being made. */
  readonly production: readonly Order[];
  /** Recently completed. */
  readonly pickup: readonly Order[];
}

const leadsTo: { readonly [Action in Exclude<Kind, "announce">]: (typeof orderActions)[Action]["to"] } = {
  make: "MAKING",
  unmake: "SUBMITTED",
  complete: "COMPLETED",
  cancel: "CANCELLED",
};

/** Returns the columns as they will be once the waiting actions have been sent. */
export function columnsOf(orders: Orders, actions: readonly Action<Kind>[]): Columns {
  const foreseen: Orders = new Map([...orders].map(([id, order]) => [id, foresee(order, actions)] as const));
  return { preview: ordersIn(foreseen, "SUBMITTED"), production: ordersIn(foreseen, "MAKING"), pickup: lastCompleted(foreseen) };
}

/** An order as the last action under way will leave it (T1). */
function foresee(order: Order, actions: readonly Action<Kind>[]): Order {
  const last = actions.filter(({ lane, kind }) => lane === order.orderId && kind !== "announce").at(-1);
  return last && last.kind !== "announce" ? { ...order, orderState: leadsTo[last.kind] } : order;
}

/** Equal drinks of several orders, which can be made together. */
export interface Batch {
  readonly label: string;
  readonly count: number;
}

/** The same drinks across orders, most wanted first; drinks with other options are other drinks. Singles are left out. */
export function batches({ preview, production }: Columns): Batch[] {
  const counts = new Map<string, number>();
  for (const { drink, modifiers } of [...preview, ...production]) {
    const label = [drink, ...modifiers].join(" · ");
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts]
    .map(([label, count]) => ({ label, count }))
    .filter(({ count }) => count > 1)
    .sort((a, b) => b.count - a.count);
}
