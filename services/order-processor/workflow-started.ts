/**
 * The workflow waits for the guest's choice: its token is stored with the order.
 *
 * P1. An order that was cancelled or closed meanwhile takes no token. A token of an earlier event never replaces a later one's.
 * P2. An event put on the bus by hand, or an execution started by hand, has no order yet: it is made.
 */
import type { FunctionHandler } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { aboutOrder, leave, text } from "../shared/events.ts";
import { changeOrder, newOrder, putNewOrder } from "../shared/order-item.ts";
import { executionOf, isNewer } from "./token.ts";

/** The rule's function. */
export function workflowStarted({ tables, clock, names }: Deps): FunctionHandler {
  const tableName = names.orderTable;
  return async (event, context) => {
    const about = aboutOrder(event);
    const taskToken = text(about?.detail.TaskToken);
    if (about === undefined || taskToken === "") return leave(context, "no order or no token in the event");
    const token = { TaskToken: taskToken, tokenAt: about.envelope.time, ...executionOf(about.envelope) };
    const store = () =>
      changeOrder({ tables, clock, tableName }, about.orderId, (order) =>
        order.ORDERSTATE === "CREATED" && isNewer(taskToken, about.envelope.time, order) ? { set: token } : undefined,
      );
    const stored = await store();
    if (stored.kind !== "absent") return undefined;
    const made = await putNewOrder(tables, tableName, { ...newOrder(about.orderId, about.userId, clock.nowMs()), ...token });
    if (!made) await store();
    return undefined;
  };
}
