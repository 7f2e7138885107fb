import type { Deps } from "../shared/deps.ts";
import { getOrderCount } from "./get-order-count.ts";

/** The counting of orders. */
export function createCounting(deps: Deps) {
  return { GetOrderCount: getOrderCount(deps) };
}
