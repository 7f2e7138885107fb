/**
 * A workflow that an operator resumed by hand ended, so no order manager has closed the order.
 *
 * P11. The order is closed as the workflow says, and its event is that of any completion; `pending` stands until the event is out.
 */
import { OrderCompleted, OrderFinished } from "@serverlesspresso/contract/events";
import { ruleFunction } from "../edges/rule-function.ts";
import { isFinal } from "../shared/order.ts";
import { changeOrder } from "../shared/order-store.ts";

const pending = OrderCompleted.detailType;

/** The rule's function. */
export const orderFinished = ruleFunction(OrderFinished, ({ tables, clock, names, events }) => async ({ detail: { orderId } }) => {
  const orders = { tables, clock, tableName: names.orderTable };
  const closed = await changeOrder(orders, orderId, (order) => (isFinal(order) ? undefined : { set: { state: "COMPLETED", pending } }));
  if (closed.kind === "absent" || closed.order.state !== "COMPLETED" || closed.order.pending !== pending) return;
  const { id, userId, orderNumber = null, stampMs } = closed.order;
  await events.put(OrderCompleted, {
    Message: "An operator completed the order by hand.",
    orderId: id,
    userId,
    orderNumber,
    ORDERSTATE: "COMPLETED",
    TS: stampMs,
  });
  await changeOrder(orders, orderId, (order) =>
    order.pending === pending ? { set: {}, remove: ["pending", "taskToken"], keepsStamp: true } : undefined,
  );
});
