/** The two deadlines of an order, on a clock a thousand times as fast. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestShop, type Person, type TestShop } from "./test-support.ts";

let shop: TestShop;
let admin: Person;
beforeAll(async () => {
  // Five minutes pass in two and a half seconds; the tokens of an hour last for thirty.
  shop = await openTestShop({ clockRate: 120 });
  admin = await shop.admin();
});
afterAll(() => shop.close());

async function scan(guest: Person): Promise<string> {
  const window = await admin.call<{ code: string }>("GET", "/qr-code");
  return (await guest.call<{ orderId: string }>("POST", `/qr-code?token=${window.body.code}`)).body.orderId;
}
const state = async (guest: Person, orderId: string): Promise<string> =>
  String((await guest.call("GET", `/orders/${orderId}`)).body.orderState);

test("a guest who chooses nothing for five minutes, a bar that makes nothing for fifteen", async () => {
  const [slow, waiting] = [await shop.guest("Slow"), await shop.guest("Waiting")];
  const [first, second] = [await scan(slow), await scan(waiting)];
  const heard = await shop.listen(waiting, `serverlesspresso-user-${waiting.sub}`);
  const place = () => waiting.call("PUT", `/orders/${second}?action=`, { drink: "Espresso", modifiers: [] });
  // The order manager waits three seconds of this clock until the order is ready: 25 ms.
  await expect.poll(async () => (await place()).status).toBe(200);
  await expect.poll(() => state(slow, first)).toBe("TIMEDOUT");
  expect(await state(waiting, second)).toBe("SUBMITTED");
  await expect.poll(() => state(waiting, second)).toBe("TIMEDOUT");
  await expect.poll(() => heard.find(({ type }) => type === "OrderProcessor.OrderTimeOut")?.detail.cause).toBe("Barista timedout");
  const late = await shop.admin();
  expect((await late.call("PUT", `/orders/${second}?action=complete`, {})).status).toBe(409);
}, 90_000);

test("a function has its seconds in real time, however fast the shop's clock runs", async () => {
  const { functions } = shop.platform;
  functions.register("slow", async () => {
    // Three seconds of the shop's time are 25 ms.
    for (const beganMs = performance.now(); performance.now() < beganMs + 60; ) await new Promise((resolve) => setImmediate(resolve));
    return "done";
  });
  expect(await functions.invoke("slow", {})).toEqual({ payload: "done" });
});

test("the shop's time never goes back over a restart, whatever rate comes next", async () => {
  const beforeMs = shop.platform.clock.nowMs();
  await shop.restart({ clockRate: 1 });
  expect(shop.platform.clock.nowMs()).toBeGreaterThanOrEqual(beforeMs);
  const [one, from] = [shop.platform.clock.nowMs(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(shop.platform.clock.nowMs() - one).toBeLessThan(10 * (performance.now() - from));
});
