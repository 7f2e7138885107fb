/** What an event adds to which count. Pure. */
import {
  type DetailOf,
  OrderCancelled,
  OrderCompleted,
  OrderTimeOut,
  type ReceivedOf,
  WaitingCompletion,
} from "@serverlesspresso/contract/events";

/** The events that count. */
export const counted = [WaitingCompletion, OrderCompleted, OrderCancelled, OrderTimeOut] as const;
/** One of them. */
export type Counted = ReceivedOf<(typeof counted)[number]>;

/**
 * What counts once. The event that an order waits for a barista goes out again, under another id, where the process ended before it was noted
 * that it was out (`services/order-processor/waiting-completion.ts`, P5): an order and its number count once. Any other event counts by its id.
 */
export function identityOf({ id, detailType, detail }: Counted): string {
  if (detailType !== WaitingCompletion.detailType || detail.orderNumber === null || detail.orderId === "") return id;
  return `${detailType}#${detail.orderId}#${detail.orderNumber}`;
}

/** The names under which an event counts: a drink and the total of sales, or how an order ended. */
export function countsOf({ detailType, detail }: Counted): readonly string[] {
  switch (detailType) {
    case "OrderManager.WaitingCompletion":
      return ["TotalSales", drinkOf(detail)];
    case "OrderManager.OrderCompleted":
      return ["Completed"];
    case "OrderManager.OrderCancelled":
      return ["Cancelled"];
    case "OrderProcessor.OrderTimeOut":
      return ["TimedOut"];
    default:
      return detailType satisfies never;
  }
}

/** The drink's name; "Unknown" without one. */
export function drinkOf({ drinkOrder }: DetailOf<typeof WaitingCompletion>): string {
  const drink = drinkOrder?.drink ?? "";
  return drink === "" ? "Unknown" : drink.slice(0, 100);
}
