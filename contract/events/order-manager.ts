/** What becomes of an order, for whoever shows or counts orders. */
import { z } from "zod";
import { orderStates } from "../order.ts";
import { defineEvent } from "./define-event.ts";
import { orderNumber, stamp, toldOfOrder } from "./detail-members.ts";
import { DrinkOrder } from "./drink-order.ts";

export const WaitingCompletion = defineEvent({
  source: "bar",
  detailType: "OrderManager.WaitingCompletion",
  sentence: "The order waits for a barista; its number and its second task token are stored.",
  emittedBy: ["order-processor", "metrics"],
  detail: {
    ...toldOfOrder,
    orderNumber: orderNumber.default(null),
    drinkOrder: DrinkOrder,
    /** On the cup. */
    name: z.string().optional(),
    note: z.string().optional(),
    state: z.enum(orderStates).default("SUBMITTED"),
    createdMs: z.number().optional(),
    TS: stamp.optional(),
  },
});

export const MakeOrder = defineEvent({
  source: "bar",
  detailType: "OrderManager.MakeOrder",
  sentence: "A barista took the order up, or put it back.",
  emittedBy: ["OrderManagerStateMachine"],
  detail: {
    ...toldOfOrder,
    /** Empty after the order was put back. */
    baristaUserId: z.string().default(""),
    TS: stamp.optional(),
  },
});

export const OrderCompleted = defineEvent({
  source: "bar",
  detailType: "OrderManager.OrderCompleted",
  sentence: "The drink is ready.",
  emittedBy: ["OrderManagerStateMachine", "order-processor"],
  detail: {
    ...toldOfOrder,
    orderNumber: orderNumber.default(null),
    ORDERSTATE: z.literal("COMPLETED").default("COMPLETED"),
    TS: stamp.optional(),
  },
});

export const OrderCancelled = defineEvent({
  source: "bar",
  detailType: "OrderManager.OrderCancelled",
  sentence: "The guest or the bar cancelled the order.",
  emittedBy: ["OrderManagerStateMachine"],
  detail: {
    ...toldOfOrder,
    orderNumber: orderNumber.default(null),
    ORDERSTATE: z.literal("CANCELLED").default("CANCELLED"),
    TS: stamp.optional(),
  },
});

export const OrderAnnounced = defineEvent({
  source: "bar",
  detailType: "OrderManager.OrderAnnounced",
  sentence: "The bar calls a completed order again.",
  emittedBy: ["OrderManagerStateMachine"],
  detail: { ...toldOfOrder, orderNumber: orderNumber.default(null), TS: stamp.optional() },
});
