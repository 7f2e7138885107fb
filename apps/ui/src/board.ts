/** The orders a bar works on, as the barista's tablet and the display above the counter read them. */
import type { OrderState, TopicNames } from "@serverlesspresso/contract";
import type { Api } from "./api.ts";
import type { Order, Orders } from "./orders.ts";

/** Returns the topics that the staff may subscribe to. */
export function staffTopics({ adminTopic, configTopic }: TopicNames): string[] {
  return [adminTopic, configTopic];
}

/** How many finished orders stay in sight. */
const MOST_FINISHED = 40;

/** Resolves with what a board starts from: every open order and the last finished ones. */
export async function readBoard(api: Api): Promise<Order[]> {
  const lists = await Promise.all([api.ordersIn("SUBMITTED"), api.ordersIn("MAKING"), api.ordersIn("COMPLETED", MOST_FINISHED)]);
  return lists.flat();
}

/** The orders in a state, by their numbers. */
export function ordersIn(orders: Orders, state: OrderState): Order[] {
  return [...orders.values()].filter(({ orderState }) => orderState === state).sort((a, b) => a.orderNumber - b.orderNumber);
}

/** The last completed orders, newest first. */
export function lastCompleted(orders: Orders): Order[] {
  return ordersIn(orders, "COMPLETED")
    .sort((a, b) => b.updatedMs - a.updatedMs)
    .slice(0, MOST_FINISHED);
}
