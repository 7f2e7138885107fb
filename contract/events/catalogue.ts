import { ConfigChanged } from "./config-service.ts";
import type { EventDefinition } from "./define-event.ts";
import { MakeOrder, OrderAnnounced, OrderCancelled, OrderCompleted, WaitingCompletion } from "./order-manager.ts";
import { AwaitingCompletion, OrderFinished, OrderTimeOut, ShopUnavailable, WorkflowStarted } from "./order-processor.ts";
import { ExecutionStatusChange } from "./step-functions.ts";
import { NewOrder } from "./validator.ts";

/** Every event of the system (docs/spec.md section 3), in the order of an order's journey. */
export const catalogue = [
  NewOrder,
  WorkflowStarted,
  AwaitingCompletion,
  WaitingCompletion,
  MakeOrder,
  OrderCompleted,
  OrderCancelled,
  OrderAnnounced,
  OrderTimeOut,
  ShopUnavailable,
  OrderFinished,
  ConfigChanged,
  ExecutionStatusChange,
] as const;

/** The `detail-type` of any event of the catalogue. */
export type DetailType = (typeof catalogue)[number]["detailType"];

/** Returns the event of this `detail-type`, or undefined for any other. */
export function findEvent(detailType: string): EventDefinition | undefined {
  return catalogue.find((event) => event.detailType === detailType);
}
