/**
 * What the validator keeps of a guest, under `user#ID` in its own table.
 *
 * U1. `openOrders` holds every order that is open; one that ended may still stand there for a moment, so its state is looked at.
 * U2. `ordersOfDay` holds the orders of `day` that count against the day's limit: cancelled, refused and timed-out ones leave it.
 * U3. Each spending raises `version` under the condition that it is as read, so two of one guest never both count from the same reading.
 *     Leaving the sets needs no condition: it only makes room.
 */
import type { Item, TransactItem } from "@serverlesspresso/ports";
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

/** Frees the guest's place; `counts` says whether the order still counts as one of the day's. */
export function freePlace(tableName: string, userId: string, orderId: string, counts: boolean): TransactItem {
  return {
    update: {
      tableName,
      key: userKey(userId),
      updateExpression: counts ? "DELETE openOrders :order" : "DELETE openOrders :order, ordersOfDay :order",
      values: { ":order": new Set([orderId]) },
    },
  };
}
