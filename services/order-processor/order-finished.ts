/**
 * A workflow that an operator resumed by hand came to its end, so no order manager has closed the order.
 *
 * P11. The order is closed as the workflow says, and told like any other completion; `pending` stands until it is told.
 */
import type { FunctionHandler } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { aboutOrder, leave } from "../shared/events.ts";
import { changeOrder, isFinal } from "../shared/order-item.ts";
import { freePlace } from "../shared/user-item.ts";

const detailType = "OrderManager.OrderCompleted";

/** The rule's function. */
export function orderFinished({ tables, clock, names, events }: Deps): FunctionHandler {
  const orders = { tables, clock, tableName: names.orderTable };
  return async (event, context) => {
    const about = aboutOrder(event);
    if (about === undefined) return leave(context, "no order in the event");
    const closed = await changeOrder(orders, about.orderId, (order) =>
      isFinal(order)
        ? undefined
        : {
            set: { ORDERSTATE: "COMPLETED", pending: detailType },
            also: [freePlace(names.validatorTable, order.USERID, order.SK, true)],
          },
    );
    if (closed.kind === "absent" || closed.order.ORDERSTATE !== "COMPLETED" || closed.order.pending !== detailType) return undefined;
    const { SK, USERID, orderNumber, TS } = closed.order;
    const detail = {
      Message: "An operator completed the order by hand.",
      orderId: SK,
      userId: USERID,
      orderNumber: orderNumber ?? null,
      ORDERSTATE: "COMPLETED",
      TS,
    };
    await events.putEvents([{ source: names.eventSource, detailType, detail }]);
    await changeOrder(orders, about.orderId, (order) =>
      order.pending === detailType ? { set: {}, remove: ["pending", "TaskToken"], keepsStamp: true } : undefined,
    );
    return undefined;
  };
}
