import type { RobotApi } from "./api.ts";
import type { Pace } from "./pace.ts";

interface Listed {
  readonly orders: readonly { readonly orderId: string }[];
}

/** One barista, one drink: takes an order that waits, makes it, sometimes puts it back, completes it. */
export async function playBarista(barista: RobotApi, pace: Pace): Promise<void> {
  const listed = await barista.call<Listed>("GET", "/orders?state=SUBMITTED&maxItems=20");
  if (!listed.ok || listed.body.orders.length === 0) return pace.wait(5);
  // The oldest come last; a robot that always took the very oldest would meet the others there.
  const { orderId } = pace.pick(listed.body.orders.slice(-4)) as { orderId: string };
  const act = (action: string, reason = {}): Promise<{ ok: boolean }> => barista.call("PUT", `/orders/${orderId}?action=${action}`, reason);
  if (!(await act("make")).ok) return pace.wait(1);
  await pace.wait(pace.happens(0.1) ? 60 : 25);
  if (pace.happens(0.05)) return void (await act("unmake"));
  if (pace.happens(0.02)) return void (await act("cancel", { reason: "Out of beans" }));
  await act("complete");
  await pace.wait(3);
}
