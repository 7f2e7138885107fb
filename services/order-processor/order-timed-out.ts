/**
 * The deadline passed, or the shop refused: closes the order, then publishes its end.
 *
 * P14. Publishes the end after it is written (B1). An order that ended in another way is published by the function that ended it.
 */
import { OrderTimeOut, type ReceivedOf, ShopUnavailable } from "@serverlesspresso/contract/events";
import { ruleFunction } from "../edges/rule-function.ts";
import { tellOfEnd } from "../publisher/publish.ts";
import { leave } from "../shared/leave.ts";
import { changeOrder } from "../shared/order-store.ts";
import { closeOrder } from "./close-order.ts";

/** The rule's function. */
export const orderTimedOut = ruleFunction([OrderTimeOut, ShopUnavailable], (deps) => async (event, context) => {
  const { tables, clock, names } = deps;
  const end = endOf(event);
  const closed = await changeOrder({ tables, clock, tableName: names.orderTable }, event.detail.orderId, (order, attempt) =>
    closeOrder(names.validatorTable, order, attempt, end),
  );
  if (closed.kind !== "absent" && closed.order.state !== end.state) return leave(context, "the order ended in another way");
  await tellOfEnd(deps, event.raw);
});

interface End {
  readonly state: "REFUSED" | "TIMEDOUT";
  readonly reason: string;
}

/** What the event says of the order's end. */
function endOf(event: ReceivedOf<typeof OrderTimeOut | typeof ShopUnavailable>): End {
  return event.detailType === "OrderProcessor.ShopUnavailable"
    ? { state: "REFUSED", reason: event.detail.reason }
    : { state: "TIMEDOUT", reason: event.detail.cause };
}
