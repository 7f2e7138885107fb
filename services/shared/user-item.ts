/**
 * What the validator keeps of a guest, under `user#ID` in its own table.
 *
 * U1. `openOrders` holds every order that is open; one that ended may still stand there for a moment, so its state is looked at.
 * U2. `ordersOfDay` holds the orders of `day` that count against the day's limit: cancelled, refused and timed-out ones leave it.
 * U3. Each spending raises `version` under the condition that it is as read, so two of one guest never both count from the same reading.
 *     Leaving the sets needs no condition: it only makes room.
 */
import type { Item, TransactItem } from "@serverlesspresso/ports";

export interface UserItem {
  readonly openOrders: readonly string[];
  readonly day: string;
  readonly ordersOfDay: readonly string[];
  readonly version: number;
  /** The Idempotency-Key of the last spending, and what it got. */
  readonly lastKey: string;
  readonly lastOrderId: string;
  readonly wrongMinute: number;
  readonly wrongCount: number;
}

export const userKey = (userId: string): Item => ({ PK: `user#${userId}` });

/** What an item, or none, says. */
export function parseUser(item: Item | undefined): UserItem {
  const set = (value: unknown): readonly string[] => (value instanceof Set ? [...(value as ReadonlySet<string>)] : []);
  const number = (value: unknown): number => (typeof value === "number" ? value : 0);
  const word = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    openOrders: set(item?.openOrders),
    day: word(item?.day),
    ordersOfDay: set(item?.ordersOfDay),
    version: number(item?.version),
    lastKey: word(item?.lastKey),
    lastOrderId: word(item?.lastOrderId),
    wrongMinute: number(item?.wrongMinute),
    wrongCount: number(item?.wrongCount),
  };
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
