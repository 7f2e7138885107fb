/**
 * The order has its number and waits for the bar.
 *
 * P4. Number and second token are stored before the event is out, so that every client that receives it can act on the order.
 * P5. `untold` stands in the item from that write until the event is out: a delivery that comes again after a crash puts out the
 *     event that was kept back, one that comes again after success puts out nothing twice. After a crash between the two it is out
 *     twice, under two ids: who counts goes by order and number (`services/metrics/counted.ts`).
 * P6. A workflow resumed by hand finds its order still CREATED: it is submitted then, without a drink.
 * P7. A redriven workflow brings a newer token for the same number; it replaces the older, and no event follows.
 * P18. An order that ended before keeps its end, takes no token and is resumed at once (P15). It takes the number, as no other order gets
 *      that; and for a drink that was made the event goes out as for any other, so that it is counted.
 */
import { AwaitingCompletion, WaitingCompletion } from "@serverlesspresso/contract/events";
import { ruleFunction } from "../edges/rule-function.ts";
import { isFinal, newOrder, type Order } from "../shared/order.ts";
import { changeOrder, type OrderChange, putNewOrder } from "../shared/order-store.ts";
import { resumeEnded } from "./resume.ts";
import { isNewer, type Token, tokenOf } from "./token.ts";

/** The rule's function. */
export const waitingCompletion = ruleFunction(
  AwaitingCompletion,
  ({ tables, clock, names, events, tasks }) =>
    async ({ detail, ...event }) => {
      const orders = { tables, clock, tableName: names.orderTable };
      const { orderId, userId, orderNumber, TaskToken } = detail;
      const token = tokenOf(TaskToken, event);
      const keepNumber = () => changeOrder(orders, orderId, (order) => wait(order, orderNumber, token));
      // → blueprint/workflows/order-manager.asl.json sends the token back once the drink is made.
      let kept = await keepNumber();
      if (kept.kind === "absent") {
        await putNewOrder(tables, names.orderTable, newOrder(orderId, userId, clock.nowMs()));
        kept = await keepNumber();
      }
      if (kept.kind === "absent") return;
      if (kept.order.untold === true) {
        // → services/metrics/service.ts counts the drink, services/publisher/service.ts shows it to the bar.
        await events.put(WaitingCompletion, detailOf(kept.order));
        const told = (order: Order) => (order.untold === true ? ({ set: {}, remove: ["untold"], keepsStamp: true } as const) : undefined);
        await changeOrder(orders, orderId, told, kept.order);
      }
      await resumeEnded(tasks, kept.order, TaskToken);
    },
);

/** Returns the changes of the order; undefined if the order holds all of them already. */
function wait(order: Order, orderNumber: number, token: Token): OrderChange | undefined {
  if (order.orderNumber === undefined) {
    if (order.state === "CANCELLED") return { set: { orderNumber } };
    if (order.state === "COMPLETED") return { set: { orderNumber, untold: true } };
    if (isFinal(order)) return undefined;
    const state = order.state === "CREATED" ? "SUBMITTED" : order.state;
    return { set: { ...token, orderNumber, state, untold: true } };
  }
  return !isFinal(order) && order.orderNumber === orderNumber && isNewer(token, order) ? { set: token } : undefined;
}

function detailOf({ id, userId, orderNumber, drinkOrder, name, note, state, createdMs, stampMs }: Order) {
  return {
    Message: "The order waits for a barista.",
    orderId: id,
    userId,
    orderNumber: orderNumber ?? null,
    drinkOrder: drinkOrder && { ...drinkOrder, modifiers: [...drinkOrder.modifiers] },
    name,
    note,
    state,
    createdMs,
    TS: stampMs,
  };
}
