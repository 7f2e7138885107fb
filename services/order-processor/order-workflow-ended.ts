/**
 * An order's workflow failed, was stopped or ran out of time, so that nobody is left to end the order.
 *
 * P12. The order is closed as one that timed out, and told as such; `pending` stands until it is told.
 * P13. An order that another execution has taken over is left to that one.
 */
import type { EventEnvelope, FunctionHandler, JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { type AboutOrder, aboutOrder, leave, text } from "../shared/events.ts";
import { changeOrder, type OrderItem } from "../shared/order-item.ts";
import { closeOrder } from "./close-order.ts";

const detailType = "OrderProcessor.OrderTimeOut";
const causes: Readonly<Record<string, string>> = {
  ABORTED: "Workflow stopped",
  FAILED: "Workflow failed",
  TIMED_OUT: "Workflow timedout",
};

/** The rule's function. */
export function orderWorkflowEnded({ tables, clock, names, events }: Deps): FunctionHandler {
  const orders = { tables, clock, tableName: names.orderTable };
  return async (event, context) => {
    const { detail } = event as unknown as EventEnvelope;
    const about = startedFor(detail);
    if (about === undefined) return leave(context, "no order in the execution's input");
    const reason = causes[text(detail.status)] ?? "Workflow ended";
    const closed = await changeOrder(orders, about.orderId, (order, attempt) =>
      isOfAnother(order, text(detail.executionArn))
        ? undefined
        : closeOrder(names.validatorTable, order, attempt, { ORDERSTATE: "TIMEDOUT", reason, pending: detailType }),
    );
    if (closed.kind === "absent" || closed.order.ORDERSTATE !== "TIMEDOUT" || closed.order.pending !== detailType) return undefined;
    const { SK, USERID, TS } = closed.order;
    const told = {
      Message: "The order's workflow ended before the order did.",
      orderId: SK,
      userId: USERID,
      cause: closed.order.reason,
      TS,
    };
    await events.putEvents([{ source: names.eventSource, detailType, detail: told }]);
    await changeOrder(orders, about.orderId, (order) =>
      order.pending === detailType ? { set: {}, remove: ["pending"], keepsStamp: true } : undefined,
    );
    return undefined;
  };
}

/** The order in the envelope that the execution was started with. */
function startedFor({ input, name = "" }: JsonObject): AboutOrder | undefined {
  // An input too long for an event is not in it; the execution is named after its order.
  return aboutOrder(typeof input === "string" ? (JSON.parse(input) as JsonValue) : { detail: { orderId: name } });
}

/** P13. */
function isOfAnother({ executionArn }: OrderItem, ended: string): boolean {
  return executionArn !== undefined && executionArn !== ended;
}
