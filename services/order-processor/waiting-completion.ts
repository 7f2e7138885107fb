/**
 * The order has its number and waits for the bar.
 *
 * P4. Number and second token are stored before anybody is told, so that whoever hears of the order can act on it.
 * P5. `untold` stands in the item from that write until the event is out: a delivery that comes again after a crash tells what was
 *     kept back, one that comes again after all was well tells nothing twice.
 * P6. A workflow resumed by hand finds its order still CREATED: it is submitted then, without a drink.
 * P7. A redriven workflow brings a newer token for the same number; it replaces the older, and nobody is told again.
 */
import type { EventEntry, FunctionHandler, JsonObject } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { type AboutOrder, aboutOrder, leave, text } from "../shared/events.ts";
import { changeOrder, drinkOf, isFinal, newOrder, type OrderChange, type OrderItem, putNewOrder } from "../shared/order-item.ts";
import { executionOf, isNewer } from "./token.ts";

const detailType = "OrderManager.WaitingCompletion";

interface Waiting extends AboutOrder {
  readonly taskToken: string;
  readonly orderNumber: number;
}

/** The rule's function. */
export function waitingCompletion(deps: Deps): FunctionHandler {
  const { tables, clock, names, events } = deps;
  const orders = { tables, clock, tableName: names.orderTable };
  return async (event, context) => {
    const waiting = parse(event as Parameters<typeof aboutOrder>[0]);
    if (waiting === undefined) return leave(context, "no order, number or token in the event");
    let stored = await changeOrder(orders, waiting.orderId, (order) => wait(order, waiting));
    if (stored.kind === "absent") {
      await putNewOrder(tables, names.orderTable, newOrder(waiting.orderId, waiting.userId, clock.nowMs()));
      stored = await changeOrder(orders, waiting.orderId, (order) => wait(order, waiting));
    }
    if (stored.kind === "absent" || stored.order.untold !== true) return undefined;
    await events.putEvents([entry(names.eventSource, stored.order)]);
    await changeOrder(orders, waiting.orderId, (order) =>
      order.untold === true ? { set: {}, remove: ["untold"], keepsStamp: true } : undefined,
    );
    return undefined;
  };
}

function parse(event: Parameters<typeof aboutOrder>[0]): Waiting | undefined {
  const about = aboutOrder(event);
  const taskToken = text(about?.detail.TaskToken);
  const orderNumber = Number(about?.detail.orderNumber);
  return about === undefined || taskToken === "" || !Number.isInteger(orderNumber) ? undefined : { ...about, taskToken, orderNumber };
}

/** What becomes of the order; undefined where it knows all of it already. */
function wait(order: OrderItem, { taskToken, orderNumber, envelope }: Waiting): OrderChange | undefined {
  if (isFinal(order)) return undefined;
  const token = { TaskToken: taskToken, tokenAt: envelope.time, ...executionOf(envelope) };
  if (order.orderNumber === undefined) {
    const state = order.ORDERSTATE === "CREATED" ? "SUBMITTED" : order.ORDERSTATE;
    return { set: { ...token, orderNumber, ORDERSTATE: state, untold: true } };
  }
  const isRedriven = order.orderNumber === orderNumber && isNewer(taskToken, envelope.time, order);
  return isRedriven ? { set: token } : undefined;
}

function entry(source: string, order: OrderItem): EventEntry {
  const detail: JsonObject = {
    Message: "The order waits for a barista.",
    orderId: order.SK,
    userId: order.USERID,
    orderNumber: order.orderNumber ?? null,
    drinkOrder: drinkOf(order),
    name: order.name,
    note: order.note,
    state: order.ORDERSTATE,
    createdMs: order.createdMs,
    TS: order.TS,
  };
  return { source, detailType, detail };
}
