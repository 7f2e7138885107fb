/**
 * How an order ends that nobody will serve.
 *
 * P8. One transaction closes the order, frees the guest's place and, where no drink was ever submitted, gives the QR token back; the
 *     order's own condition makes sure that this happens once.
 * P9. A window never gets more tokens than it had. Where it has gone, or is full because somebody edited it, the order is closed without.
 * P10. An order that has ended stays as it ended.
 */
import type { TransactItem } from "@serverlesspresso/ports";
import { isFinal, type OrderChange, type OrderItem } from "../shared/order-item.ts";
import { freePlace } from "../shared/user-item.ts";

/** How often a refund is tried before the order is closed without it. */
const refundAttempts = 5;

/** Closes `order` as `set` says; undefined where it has ended. `attempt` counts from 0. */
export function closeOrder(
  validatorTable: string,
  order: OrderItem,
  attempt: number,
  set: { readonly ORDERSTATE: "REFUSED" | "TIMEDOUT"; readonly reason: string; readonly pending?: string },
): OrderChange | undefined {
  if (isFinal(order)) return undefined;
  const also = [freePlace(validatorTable, order.USERID, order.SK, false)];
  if (isOwedToken(order) && attempt < refundAttempts) also.push(giveBack(validatorTable, order));
  const remove = ["TaskToken", "untold", ...(set.pending === undefined ? ["pending"] : [])];
  return { set, remove, also };
}

/** No drink was ever submitted, and a token was taken. */
function isOwedToken(order: OrderItem): boolean {
  return order.ORDERSTATE === "CREATED" && order.bucket !== undefined;
}

function giveBack(tableName: string, order: OrderItem): TransactItem {
  return {
    update: {
      tableName,
      key: { PK: order.bucket?.window ?? "" },
      updateExpression: "SET availableTokens = availableTokens + :one",
      conditionExpression: "availableTokens < drinks",
      values: { ":one": 1 },
    },
  };
}
