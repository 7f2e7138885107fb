/**
 * On the order table's stream: each new order goes on the bus.
 *
 * N1. The order is the outbox of its own event: where there is an order, its event follows, however often the process stops.
 * N2. An order without a window was made by hand; its event came before it.
 * N3. A repeat is harmless: executions are named after orders.
 */
import { NewOrder } from "@serverlesspresso/contract/events";
import { type Change, streamFunction } from "../edges/stream-function.ts";
import type { Bucket, Order } from "../shared/order.ts";
import { parseOrder } from "../shared/order-codec.ts";
import { readWindow } from "./get-code.ts";

/** The stream's function. */
export const newOrderEvents = streamFunction((deps) => async (changes) => {
  const orders = changes.flatMap(scannedOrder);
  const remaining = new Map<string, number>();
  for (const { bucket } of orders) {
    const { window } = bucket;
    if (!remaining.has(window)) remaining.set(window, (await readWindow(deps, window))?.availableTokens ?? 0);
  }
  // → services/order-processor/service.ts: the rule NewOrder starts the order's workflow.
  await deps.events.put(NewOrder, ...orders.map((order) => detailOf(order, remaining.get(order.bucket.window) ?? 0)));
});

type ScannedOrder = Order & { readonly bucket: Bucket };

/** N2. */
function scannedOrder({ eventName, after }: Change): ScannedOrder[] {
  const order = eventName === "INSERT" && after !== undefined ? parseOrder(after) : undefined;
  if (order?.state !== "CREATED" || order.bucket === undefined) return [];
  return [{ ...order, bucket: order.bucket }];
}

function detailOf({ id, userId, bucket: { startMs, endMs }, stampMs }: ScannedOrder, remaining: number) {
  return {
    Message: "A guest scanned the code. The order waits for its drink.",
    orderId: id,
    userId,
    bucket: { startMs, endMs, remaining },
    TS: stampMs,
  };
}
