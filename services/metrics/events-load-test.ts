import { WaitingCompletion } from "@serverlesspresso/contract/events";
import { OrderId, UserId } from "@serverlesspresso/contract/ids";
import { signalFunction } from "../edges/signal-function.ts";

const firstOrder = 1000;
const orders = 500;
const userId = UserId.parse("load-test");
const drinks = ["Latte", "Cappuccino", "Espresso"] as const;

/** Emits 500 events as if orders 1000 to 1499 waited for completion, each with a drink at random. */
export const eventsLoadTest = signalFunction(({ events, ids, clock }) => async () => {
  const detail = (_: unknown, at: number) => ({
    Message: "An order of the load test waits for a barista.",
    orderId: OrderId.parse(firstOrder + at),
    userId,
    orderNumber: firstOrder + at,
    drinkOrder: { drink: drinks[Math.floor(ids.random() * drinks.length)] ?? drinks[0], modifiers: [] },
    state: "SUBMITTED" as const,
    TS: clock.nowMs(),
  });
  await events.put(WaitingCompletion, ...Array.from({ length: orders }, detail));
  return { emitted: orders };
});
