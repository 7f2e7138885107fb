/**
 * How an order ends without a drink.
 *
 * P8. One transaction closes the order and, where no drink was ever submitted, gives the QR token back; the order's own condition makes
 *     sure that this happens once.
 * P9. A window never gets more tokens than it had. Where it has gone, or is full after an edit by hand, the order is closed without.
 * P10. An order that has ended stays as it ended.
 */
import type { TransactItem } from "@serverlesspresso/ports";
import { type Bucket, isFinal, type OpenOrder, type Order } from "../shared/order.ts";
import type { OrderChange } from "../shared/order-store.ts";

/** How often a refund is tried before the order is closed without it. */
const refundAttempts = 5;

/** Closes `order` as `set` says. Returns undefined if it has ended. `attempt` counts from 0. */
export function closeOrder(
  validatorTable: string,
  order: Order,
  attempt: number,
  set: { readonly state: "REFUSED" | "TIMEDOUT"; readonly reason: string; readonly pending?: string },
): OrderChange | undefined {
  if (isFinal(order)) return undefined;
  const also = isOwedToken(order) && attempt < refundAttempts ? [giveBack(validatorTable, order.bucket)] : [];
  return { set, remove: ["taskToken", "untold", "closing", ...(set.pending === undefined ? (["pending"] as const) : [])], also };
}

/** No drink was ever submitted, and a token was taken. */
function isOwedToken(order: OpenOrder): order is OpenOrder & { readonly bucket: Bucket } {
  return order.state === "CREATED" && order.bucket !== undefined;
}

function giveBack(tableName: string, { window }: Bucket): TransactItem {
  return {
    update: {
      tableName,
      key: { PK: window },
      updateExpression: "SET availableTokens = availableTokens + :one",
      conditionExpression: "availableTokens < drinks",
      values: { ":one": 1 },
    },
  };
}
