/**
 * Nobody acted in time, or the shop refused: the order is closed.
 *
 * P8. One transaction closes the order, frees the guest's place and, where no drink was ever submitted, gives the QR token back; the
 *     order's own condition makes sure that this happens once.
 * P9. A window never gets more tokens than it had. Where it has gone, or is full because somebody edited it, the order is closed without.
 * P10. An order that has ended stays as it ended.
 */
import type { FunctionHandler, TransactItem } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { aboutOrder, leave, text } from "../shared/events.ts";
import { changeOrder, isFinal, type OrderItem } from "../shared/order-item.ts";
import { freePlace } from "../shared/user-item.ts";

/** How often a refund is tried before the order is closed without it. */
const refundAttempts = 5;

/** The rule's function. */
export function orderTimedOut({ tables, clock, names }: Deps): FunctionHandler {
  return async (event, context) => {
    const about = aboutOrder(event);
    if (about === undefined) return leave(context, "no order in the event");
    const isRefusal = about.envelope["detail-type"] === "OrderProcessor.ShopUnavailable";
    const reason = text(isRefusal ? about.detail.reason : about.detail.cause);
    await changeOrder({ tables, clock, tableName: names.orderTable }, about.orderId, (order, attempt) => {
      if (isFinal(order)) return undefined;
      const also = [freePlace(names.validatorTable, order.USERID, order.SK, false)];
      if (isOwedToken(order) && attempt < refundAttempts) also.push(giveBack(names.validatorTable, order));
      return { set: { ORDERSTATE: isRefusal ? "REFUSED" : "TIMEDOUT", reason }, remove: ["TaskToken", "pending", "untold"], also };
    });
    return undefined;
  };
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
