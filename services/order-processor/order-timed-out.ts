/** Nobody acted in time, or the shop refused: the order is closed. */
import type { FunctionHandler } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { aboutOrder, leave, text } from "../shared/events.ts";
import { changeOrder } from "../shared/order-item.ts";
import { closeOrder } from "./close-order.ts";

/** The rule's function. */
export function orderTimedOut({ tables, clock, names }: Deps): FunctionHandler {
  return async (event, context) => {
    const about = aboutOrder(event);
    if (about === undefined) return leave(context, "no order in the event");
    const isRefusal = about.envelope["detail-type"] === "OrderProcessor.ShopUnavailable";
    const ORDERSTATE = isRefusal ? "REFUSED" : "TIMEDOUT";
    const reason = text(isRefusal ? about.detail.reason : about.detail.cause);
    await changeOrder({ tables, clock, tableName: names.orderTable }, about.orderId, (order, attempt) =>
      closeOrder(names.validatorTable, order, attempt, { ORDERSTATE, reason }),
    );
    return undefined;
  };
}
