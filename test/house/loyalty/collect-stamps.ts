import { OrderCompleted } from "@serverlesspresso/contract/events";
import { queueFunction } from "@serverlesspresso/services/edges/queue-function.ts";
import { cardTable } from "./card.ts";
import { Stamped } from "./stamped.ts";

/** The queue's function. An order stamps once, however often its event comes: a card holds the set of its orders. */
export const collectStamps = queueFunction(OrderCompleted, ({ tables, events, names }) => async (messages) => {
  for (const { event } of messages) {
    const { orderId, userId } = event.detail;
    const { orders } = await tables.updateItem({
      tableName: cardTable(names),
      key: { PK: userId },
      updateExpression: "ADD orders :order",
      values: { ":order": new Set([orderId]) },
    });
    await events.put(Stamped, { userId, stamps: orders instanceof Set ? orders.size : 0 });
  }
  return [];
});
