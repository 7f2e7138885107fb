/** What an operator who watches the started bar sees of an order: `packages/feed` has the rules. */
import { names } from "@serverlesspresso/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ShopFeed } from "./feed.ts";
import { openTestShop, type Person, type TestShop } from "./test-support.ts";

let shop: TestShop;
let admin: Person;
beforeAll(async () => {
  shop = await openTestShop();
  admin = await shop.admin();
});
afterAll(() => shop.close());

type Watched = NonNullable<Awaited<ReturnType<ReturnType<ShopFeed["watch"]>["take"]>>>[number];

/** Watches everything, from now on. */
function watch(feed: ShopFeed): { readonly seen: Watched[]; readonly ended: Promise<void> } {
  const watcher = feed.watch();
  const seen: Watched[] = [];
  const follow = async (): Promise<void> => {
    for (let told = await watcher.take(); told !== undefined; told = await watcher.take()) seen.push(...told);
  };
  return { seen, ended: follow() };
}

test("the history of the workflow, its events, their deliveries and the items they change", async () => {
  const { feed, bus, store } = shop.platform;
  const { seen, ended } = watch(feed);
  const guest = await shop.guest();
  const { body: window } = await admin.call<{ code: string }>("GET", "/qr-code");
  const { body } = await guest.call<{ orderId: string }>("POST", `/qr-code?token=${encodeURIComponent(window.code)}`);
  await guest.call("PUT", `/orders/${body.orderId}?action=`, { drink: "Latte", modifiers: [] });
  await guest.call("PUT", `/orders/${body.orderId}?action=cancel`, {});
  const historyOf = () =>
    seen.flatMap((one) => (one.kind === "history" && one.entry.executionArn.includes(names.orderProcessor) ? one.entry.events : []));
  await expect.poll(() => historyOf().at(-1)?.type).toBe("ExecutionSucceeded");
  await expect.poll(() => bus.pendingDeliveries(store)).toBe(0);
  const history = historyOf();
  expect(history.map(({ id }) => id)).toEqual(history.map((_, i) => i + 1));
  expect(history[0]).toMatchObject({ type: "ExecutionStarted", details: { input: { detail: { orderId: body.orderId } } } });

  const events = seen.flatMap((one) => (one.kind === "event" && one.entry.busName === names.bus ? one.entry.envelope : []));
  expect(events.map((envelope) => envelope["detail-type"])).toEqual(
    expect.arrayContaining(["Validator.NewOrder", "OrderProcessor.WorkflowStarted"]),
  );

  const newOrder = events.find((envelope) => envelope["detail-type"] === "Validator.NewOrder");
  const delivered = seen.flatMap((one) => (one.kind === "delivery" && one.entry.eventId === newOrder?.id ? one.entry : []));
  expect(delivered).toContainEqual(
    expect.objectContaining({ attempt: 1, outcome: { status: "delivered" }, targetArn: expect.stringContaining(names.orderProcessor) }),
  );

  const items = seen.flatMap((one) => (one.kind === "item" && one.entry.tableName === names.orderTable ? one.entry : []));
  const [made] = items;
  expect(made).toMatchObject({ keys: { SK: { S: body.orderId } }, after: { ORDERSTATE: { S: "CREATED" } } });
  expect(made).not.toHaveProperty("before");
  // What one change leaves is what the next one finds.
  for (const [i, { before }] of items.entries()) if (i > 0) expect(before).toEqual(items[i - 1]?.after);

  await shop.restart();
  await ended;
  expect(shop.errors).toEqual([]);
});
