import type { EventEntry, FunctionHandler } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { putAll } from "../shared/events.ts";

const firstOrder = 1000;
const orders = 500;
const drinks = ["Latte", "Cappuccino", "Espresso"] as const;

/** Emits 500 events as if orders 1000 to 1499 waited for completion, each with a drink at random. */
export function eventsLoadTest({ events, ids, clock, names }: Deps): FunctionHandler {
  return async () => {
    const entry = (_: unknown, at: number): EventEntry => ({
      source: names.eventSource,
      detailType: "OrderManager.WaitingCompletion",
      detail: {
        Message: "An order of the load test waits for a barista.",
        orderId: String(firstOrder + at),
        userId: "load-test",
        orderNumber: firstOrder + at,
        drinkOrder: { drink: drinks[Math.floor(ids.random() * drinks.length)] ?? drinks[0], modifiers: [] },
        state: "SUBMITTED",
        TS: clock.nowMs(),
      },
    });
    await putAll(events, Array.from({ length: orders }, entry));
    return { emitted: orders };
  };
}
