/** Which screen a guest sees, as a function of what is known. */
import { isFinished, type Order, type Orders } from "../../ui/src/orders.ts";

/** The screen that the current order asks for. */
export type Screen =
  | { readonly kind: "home" }
  | { readonly kind: "choose"; readonly order: Order }
  | { readonly kind: "progress"; readonly order: Order }
  | { readonly kind: "ended"; readonly order: Order };

/** An ending older than this is history rather than news. */
const NEWS_MS = 30 * 60_000;

/** The order to show: the newest open one, else the newest ending that has not been put away. */
export function currentOrder(orders: Orders, putAway: string, nowMs: number): Order | undefined {
  const newestFirst = [...orders.values()].sort((a, b) => b.createdMs - a.createdMs);
  const open = newestFirst.find((order) => !isFinished(order));
  const [newest] = newestFirst;
  return open ?? (newest && newest.orderId !== putAway && nowMs - newest.updatedMs < NEWS_MS ? newest : undefined);
}

/** Returns the screen for an order; `home` without one. */
export function screenOf(order: Order | undefined): Screen {
  if (!order) return { kind: "home" };
  if (order.orderState === "CREATED") return { kind: "choose", order };
  return { kind: isFinished(order) ? "ended" : "progress", order };
}
