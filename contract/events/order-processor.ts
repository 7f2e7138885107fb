/** The events of the order processor's workflow. Its service emits `OrderTimeOut` when the workflow itself was stopped or failed. */
import { z } from "zod";
import { TaskToken } from "../ids.ts";
import { defineEvent } from "./define-event.ts";
import { aboutOrder, stamp } from "./detail-members.ts";

/** Emitted at the first wait; `TaskToken` ends it. */
export const WorkflowStarted = defineEvent({
  source: "bar",
  detailType: "OrderProcessor.WorkflowStarted",
  sentence: "The shop admitted the order; the workflow waits for the guest to choose a drink.",
  emittedBy: ["OrderProcessorWorkflow"],
  detail: { ...aboutOrder, TaskToken },
});

/** Emitted at the second wait; `TaskToken` ends it. Its name on the bus is `OrderProcessor.WaitingCompletion`. */
export const AwaitingCompletion = defineEvent({
  source: "bar",
  detailType: "OrderProcessor.WaitingCompletion",
  sentence: "The order has its number; the workflow waits for the bar.",
  emittedBy: ["OrderProcessorWorkflow"],
  detail: {
    ...aboutOrder,
    /** An event by hand may hold it as text. */
    orderNumber: z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]),
    TaskToken,
  },
});

/** Emitted when a deadline of the workflow passed. */
export const OrderTimeOut = defineEvent({
  source: "bar",
  detailType: "OrderProcessor.OrderTimeOut",
  sentence: "The deadline passed, or the workflow ended before the order did.",
  emittedBy: ["OrderProcessorWorkflow", "order-processor"],
  detail: {
    ...aboutOrder,
    /** `Customer timedout`, `Barista timedout`, or how the workflow ended. */
    cause: z.string().default(""),
    TS: stamp.optional(),
  },
});

/** Emitted when the workflow refuses an order. */
export const ShopUnavailable = defineEvent({
  source: "bar",
  detailType: "OrderProcessor.ShopUnavailable",
  sentence: "The shop refused the order: it is closed, or its queue is full.",
  emittedBy: ["OrderProcessorWorkflow"],
  detail: {
    ...aboutOrder,
    /** `closed` or `full`. */
    reason: z.string().default(""),
  },
});

/** Emitted in the last state of the workflow. */
export const OrderFinished = defineEvent({
  source: "bar",
  detailType: "OrderProcessor.orderFinished",
  sentence: "The workflow ended, and the order's place in the queue is free.",
  emittedBy: ["OrderProcessorWorkflow"],
  detail: {
    ...aboutOrder,
    outcome: z.enum(["completed", "cancelled"]).default("completed"),
    /** Whether an operator resumed the workflow, so that the order is still open. */
    resumedByHand: z.boolean().optional(),
  },
});
