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
