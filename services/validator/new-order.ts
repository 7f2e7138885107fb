/**
 * On the order table's stream: each new order is told to the bus.
 *
 * N1. The order is the outbox of its own event: where there is an order, its event follows, however often the process stops.
 * N2. An order without a window was made by hand; its event came before it.
 * N3. A repeat is harmless: executions are named after orders.
 */
import type { EventEntry, FunctionHandler, JsonObject, StreamRecord } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { putAll } from "../shared/events.ts";
import type { OrderItem } from "../shared/order-item.ts";
import { plainImage } from "../shared/plain-image.ts";
import { readWindow } from "./get-code.ts";

/** The stream's function. */
export function newOrderEvents(deps: Deps): FunctionHandler {
  return async (event) => {
    const { Records } = event as unknown as { readonly Records: readonly StreamRecord[] };
    const orders = Records.filter(({ eventName }) => eventName === "INSERT")
      .map(({ dynamodb }) => plainImage(dynamodb.NewImage) as unknown as OrderItem)
      .filter(({ ORDERSTATE, bucket }) => ORDERSTATE === "CREATED" && bucket !== undefined);
    const remaining = new Map<string, number>();
    for (const { bucket } of orders) {
      const { window } = bucket as NonNullable<OrderItem["bucket"]>;
      if (!remaining.has(window)) remaining.set(window, (await readWindow(deps, window))?.availableTokens ?? 0);
    }
    await putAll(
      deps.events,
      orders.map((order) => entry(deps.names.eventSource, order, remaining)),
    );
    return undefined;
  };
}

function entry(source: string, order: OrderItem, remaining: ReadonlyMap<string, number>): EventEntry {
  const { window, startMs, endMs } = order.bucket as NonNullable<OrderItem["bucket"]>;
  const detail: JsonObject = {
    Message: "A guest scanned the code. The order waits for its drink.",
    orderId: order.SK,
    userId: order.USERID,
    bucket: { startMs, endMs, remaining: remaining.get(window) ?? 0 },
    TS: order.TS,
  };
  return { source, detailType: "Validator.NewOrder", detail };
}
