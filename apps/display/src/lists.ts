/** What the display lists, as a function of the orders and the time. */
import { lastCompleted, ordersIn } from "../../ui/src/board.ts";
import type { Order, Orders } from "../../ui/src/orders.ts";

/** A finished drink stays on the screen for this long. */
const READY_MS = 10 * 60_000;

/** Orders in the queue and in the making, by number. */
export function preparing(orders: Orders): Order[] {
  return [...ordersIn(orders, "SUBMITTED"), ...ordersIn(orders, "MAKING")].sort((a, b) => a.orderNumber - b.orderNumber);
}

/** Drinks to pick up, newest first. */
export function ready(orders: Orders, nowMs: number): Order[] {
  return lastCompleted(orders).filter(({ updatedMs }) => nowMs - updatedMs < READY_MS);
}

/** The part of a list that one page shows. @param turn counts page changes; pages follow one another in a circle. */
export function pageOf<T>(
  items: readonly T[],
  capacity: number,
  turn: number,
): { readonly shown: readonly T[]; readonly page: number; readonly pages: number } {
  const size = Math.max(1, capacity);
  const pages = Math.max(1, Math.ceil(items.length / size));
  const page = turn % pages;
  return { shown: items.slice(page * size, (page + 1) * size), page: page + 1, pages };
}

const MEASURED = 10;
const RECENT_MS = 30 * 60_000;

/** The usual wait of the last drinks, from the scan to the cup, in whole minutes; `undefined` before there are three. */
export function waitMinutes(orders: Orders, nowMs: number): number | undefined {
  const waits = lastCompleted(orders)
    .filter(({ updatedMs }) => nowMs - updatedMs < RECENT_MS)
    .slice(0, MEASURED)
    .map(({ createdMs, updatedMs }) => updatedMs - createdMs)
    .sort((a, b) => a - b);
  const median = waits[Math.floor(waits.length / 2)];
  return waits.length < 3 || median === undefined ? undefined : Math.max(1, Math.round(median / 60_000));
}
