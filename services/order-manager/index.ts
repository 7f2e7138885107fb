import type { Deps } from "../shared/deps.ts";
import { getMyOrders, getOrder, getOrders } from "./read-orders.ts";
import { sanitizeOrderFunction } from "./sanitize-order.ts";

/** The order manager: what its workflow calls, and the reading of orders. */
export function createOrderManager(deps: Deps) {
  return {
    SanitizeOrder: sanitizeOrderFunction(),
    GetOrders: getOrders(deps),
    GetOrder: getOrder(deps),
    GetMyOrders: getMyOrders(deps),
  };
}
