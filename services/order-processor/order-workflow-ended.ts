/**
 * An order's workflow failed, was stopped or ran out of time: closes the order in its place.
 *
 * P12. The order is closed as one that timed out, with the event of a timeout; `pending` stands until the event is out.
 * P13. An order that another execution has taken over is left to that one.
 */
import { type DetailOf, ExecutionStatusChange, OrderTimeOut } from "@serverlesspresso/contract/events";
import { OrderId } from "@serverlesspresso/contract/ids";
import { readEnvelope } from "../edges/envelope.ts";
import { ruleFunction } from "../edges/rule-function.ts";
import { parseJson } from "../shared/json.ts";
import { leave } from "../shared/leave.ts";
import type { Order } from "../shared/order.ts";
import { changeOrder } from "../shared/order-store.ts";
import { closeOrder } from "./close-order.ts";

const pending = OrderTimeOut.detailType;
const causes: Readonly<Record<string, string>> = {
  ABORTED: "Workflow stopped",
  FAILED: "Workflow failed",
  TIMED_OUT: "Workflow timedout",
};

/** The rule's function. */
export const orderWorkflowEnded = ruleFunction(ExecutionStatusChange, ({ tables, clock, names, events }) => async ({ detail }, context) => {
  const orders = { tables, clock, tableName: names.orderTable };
  const orderId = startedFor(detail);
  if (orderId === undefined) return leave(context, "no order in the execution's input");
  const reason = causes[detail.status] ?? "Workflow ended";
  const closed = await changeOrder(orders, orderId, (order, attempt) =>
    isOfAnother(order, detail.executionArn)
      ? undefined
      : closeOrder(names.validatorTable, order, attempt, { state: "TIMEDOUT", reason, pending }),
  );
  if (closed.kind === "absent" || closed.order.state !== "TIMEDOUT" || closed.order.pending !== pending) return;
  const { id, userId, stampMs } = closed.order;
  await events.put(OrderTimeOut, {
    Message: "The order's workflow ended before the order did.",
    orderId: id,
    userId,
    cause: closed.order.reason,
    TS: stampMs,
  });
  await changeOrder(orders, orderId, (order) =>
    order.pending === pending ? { set: {}, remove: ["pending"], keepsStamp: true } : undefined,
  );
});

/** The order in the envelope that the execution was started with. */
function startedFor({ input, name }: DetailOf<typeof ExecutionStatusChange>): OrderId | undefined {
  // An input too long for an event is not in it; the execution is named after its order.
  return OrderId.safeParse(input === null ? name : readEnvelope(parseJson(input))?.detail.orderId).data;
}

/** P13. */
function isOfAnother({ executionArn }: Order, ended: string): boolean {
  return executionArn !== undefined && executionArn !== ended;
}
