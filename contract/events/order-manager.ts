/** The changes of an order, for clients and metrics. */
import { z } from "zod";
import { orderStates } from "../order.ts";
import { defineEvent } from "./define-event.ts";
import { orderNumber, reportedOrder, stamp } from "./detail-members.ts";
import { DrinkOrder } from "./drink-order.ts";

/** Emitted once the number and the second task token are stored. */
export const WaitingCompletion = defineEvent({
  source: "bar",
  detailType: "OrderManager.WaitingCompletion",
  sentence: "The order waits for a barista; its number and its second task token are stored.",
  emittedBy: ["order-processor", "metrics"],
  detail: {
    ...reportedOrder,
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

/** Emitted by the actions `make` and `unmake`. */
export const MakeOrder = defineEvent({
  source: "bar",
  detailType: "OrderManager.MakeOrder",
  sentence: "A barista took the order up, or put it back.",
  emittedBy: ["OrderManagerStateMachine"],
  detail: {
    ...reportedOrder,
    /** Empty after the order was put back. */
    baristaUserId: z.string().default(""),
    TS: stamp.optional(),
  },
});

/** Emitted by the action `complete`. */
export const OrderCompleted = defineEvent({
  source: "bar",
  detailType: "OrderManager.OrderCompleted",
  sentence: "The drink is ready.",
  emittedBy: ["OrderManagerStateMachine", "order-processor"],
  detail: {
    ...reportedOrder,
    orderNumber: orderNumber.default(null),
    ORDERSTATE: z.literal("COMPLETED").default("COMPLETED"),
    TS: stamp.optional(),
  },
});

/** Emitted by the action `cancel`. */
export const OrderCancelled = defineEvent({
  source: "bar",
  detailType: "OrderManager.OrderCancelled",
  sentence: "The guest or the bar cancelled the order.",
  emittedBy: ["OrderManagerStateMachine"],
  detail: {
    ...reportedOrder,
    orderNumber: orderNumber.default(null),
    ORDERSTATE: z.literal("CANCELLED").default("CANCELLED"),
    TS: stamp.optional(),
  },
});

/** Emitted by the action `announce`. */
export const OrderAnnounced = defineEvent({
  source: "bar",
  detailType: "OrderManager.OrderAnnounced",
  sentence: "The bar calls a completed order again.",
  emittedBy: ["OrderManagerStateMachine"],
  detail: { ...reportedOrder, orderNumber: orderNumber.default(null), TS: stamp.optional() },
});
