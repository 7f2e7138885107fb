/** How far an order is in `OrderProcessorWorkflow`, seen from outside. */
import { isFinished, type Order } from "../../ui/src/orders.ts";

/** The steps a guest can follow, by the states of the workflow they stand for. */
export const steps = [
  { key: "shop", state: "Shop Open?" },
  { key: "capacity", state: "Is capacity available?" },
  { key: "choice", state: "Emit - Workflow Started TT" },
  { key: "number", state: "Generate Order Number" },
  { key: "barista", state: "Emit - Awaiting Completion TT" },
  { key: "finished", state: "Emit - order finished" },
] as const;

/** Where a step of the order stands; `caught` where the order ended. */
export type StepStatus = "ahead" | "now" | "done" | "caught";

/** What to show of each step, in order. */
export function stepStatuses(order: Order): StepStatus[] {
  const at = reached(order);
  const here: StepStatus = order.orderState === "COMPLETED" ? "done" : isFinished(order) ? "caught" : "now";
  const cancelled = order.orderState === "CANCELLED";
  return steps.map((_, index) => {
    if (index === at) return here;
    if (cancelled && index === steps.length - 1) return "done";
    return index < at ? "done" : "ahead";
  });
}

/** The step an order is at, or ended at. */
function reached({ orderState, reason, orderNumber }: Order): number {
  if (orderState === "CREATED") return 2;
  if (orderState === "REFUSED") return reason === "closed" ? 0 : 1;
  if (orderState === "COMPLETED") return 5;
  return orderNumber ? 4 : 2;
}
