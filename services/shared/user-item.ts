/**
 * What the validator keeps of a guest, under `user#ID` in its own table.
 *
 * U1. `openOrders` holds every order that is open, and such as have ended since the last spending: spending looks at the orders themselves.
 * U2. `ordersOfDay` holds the orders of `day` that count against the day's limit, and such as have ended since the last spending: cancelled,
 *     refused and timed-out ones do not count.
 * U3. Spending alone writes the item. It raises `version` under the condition that it is as read, so two spendings of one guest never both
 *     count from the same reading; and it lets go what has ended. So an order ends in one write, on its own item.
 */
import type { Item } from "@serverlesspresso/ports";
import { z } from "zod";

const text = z.string().catch("");
const count = z.number().catch(0);
const orderIds = z
  .set(z.string())
  .catch(new Set())
  .transform((ids): readonly string[] => [...ids]);
/** What is missing or something else counts as nothing. */
const StoredUser = z.object({
  openOrders: orderIds,
  day: text,
  ordersOfDay: orderIds,
  version: count,
  /** The Idempotency-Key of the last spending, and what it got. */
  lastKey: text,
  lastOrderId: text,
  wrongMinute: count,
  wrongCount: count,
});
/** A guest's item, read. */
export type UserItem = z.infer<typeof StoredUser>;

/** Returns the key of a user's item. */
export const userKey = (userId: string): Item => ({ PK: `user#${userId}` });

/** What an item, or none, says. */
export function parseUser(item: Item | undefined): UserItem {
  return StoredUser.parse(item ?? {});
}
