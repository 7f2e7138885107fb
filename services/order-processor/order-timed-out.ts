/**
 * Nobody acted in time, or the shop refused: the order is closed, and then told of.
 *
 * P14. Clients hear of the end after it is written (B1). An order that ended in another way is told of by whoever ended it.
 */
import type { FunctionHandler } from "@serverlesspresso/ports";
import { tellOfEnd } from "../publisher/publish.ts";
import type { Deps } from "../shared/deps.ts";
import { aboutOrder, leave, text } from "../shared/events.ts";
import { changeOrder } from "../shared/order-item.ts";
import { closeOrder } from "./close-order.ts";

/** The rule's function. */
export function orderTimedOut(deps: Deps): FunctionHandler {
  const { tables, clock, names } = deps;
  return async (event, context) => {
    const about = aboutOrder(event);
    if (about === undefined) return leave(context, "no order in the event");
    const isRefusal = about.envelope["detail-type"] === "OrderProcessor.ShopUnavailable";
    const ORDERSTATE = isRefusal ? "REFUSED" : "TIMEDOUT";
    const reason = text(isRefusal ? about.detail.reason : about.detail.cause);
    const closed = await changeOrder({ tables, clock, tableName: names.orderTable }, about.orderId, (order, attempt) =>
      closeOrder(names.validatorTable, order, attempt, { ORDERSTATE, reason }),
    );
    if (closed.kind !== "absent" && closed.order.ORDERSTATE !== ORDERSTATE) return leave(context, "the order ended in another way");
    await tellOfEnd(deps, about.envelope);
    return undefined;
  };
}
