import { expect, test } from "vitest";
import { type Order, takeAll } from "./subject.ts";

test("an event arrives by each way, on the bar and on the floor", async () => {
  const order = { inFlight: 2, seconds: 0.1 };
  const orders = (["function", "queue", "subscriber"] as const).flatMap((route) =>
    [false, true].map((isFloor): Order => ({ ...order, route, isFloor })),
  );
  const taken = await takeAll(orders, undefined);
  expect(taken.map(({ latencies }) => latencies.length > 0)).toEqual(orders.map(() => true));
});
