import { expect, test, vi } from "vitest";
import type { Api } from "./api.ts";
import { createServerClock } from "./clock.ts";
import { createManualClock } from "./manual-clock.ts";
import type { Message } from "./orders.ts";
import { parseShop } from "./shop.ts";
import { createShopState } from "./shop-state.ts";

const at = (ms: number): string => new Date(ms).toISOString();
const changed: Message = { id: "m", time: "", type: "ConfigService.ConfigChanged", detail: {} };
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A shop that pauses until `endMs` of the server's clock. */
async function open({ endMs, rate = 1 }: { endMs: number; rate?: number }) {
  const clock = createManualClock(0);
  const serverClock = createServerClock(clock);
  serverClock.read(0, rate, 0);
  const pause = { endMs };
  const answer = () =>
    serverClock.nowMs() < pause.endMs ? { storeOpen: false, reopensAt: at(pause.endMs) } : { storeOpen: true, reopensAt: null };
  const shop = vi.fn(async () => parseShop(answer()));
  const state = createShopState({ shop } as unknown as Api, clock, serverClock);
  await state.read();
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await turn();
  };
  return { clock, serverClock, shop, state, pause, pass };
}

test("H2. a pause ends on the screen though no message comes, at the server's rate", async () => {
  const { state, shop, pass } = await open({ endMs: 60_000, rate: 60 });
  await pass(999);
  expect([state.shop.value?.storeOpen, shop.mock.calls.length]).toEqual([false, 1]);
  await pass(1 + 4_000);
  expect([state.shop.value?.storeOpen, shop.mock.calls.length]).toEqual([true, 2]);
  await pass(600_000);
  expect(shop).toHaveBeenCalledTimes(2);
});

test("H2. an answer that is not there, or that still says closed, is asked for again", async () => {
  const { state, shop, pass } = await open({ endMs: 60_000 });
  shop.mockRejectedValueOnce(new TypeError("cut off"));
  // The server's clock is behind the estimate: it says the same end once more.
  shop.mockResolvedValueOnce(parseShop({ storeOpen: false, reopensAt: at(60_000) }));
  await pass(60_000);
  await pass(4_000);
  await pass(3_000);
  expect([state.shop.value?.storeOpen, shop.mock.calls.length]).toEqual([false, 3]);
  await pass(4_000);
  expect([state.shop.value?.storeOpen, shop.mock.calls.length]).toEqual([true, 4]);
});

test("H1, H2. where the message comes, one question does for both", async () => {
  const { state, shop, pass } = await open({ endMs: 60_000 });
  await pass(60_000);
  state.take(changed);
  await pass(500);
  expect([state.shop.value?.storeOpen, shop.mock.calls.length]).toEqual([true, 2]);
  await pass(60_000);
  expect(shop).toHaveBeenCalledTimes(2);
});

test("H2. a second pause replaces the first", async () => {
  const { state, shop, pause, pass } = await open({ endMs: 60_000 });
  pause.endMs = 180_000;
  state.take(changed);
  await pass(500);
  await pass(120_000);
  expect([state.shop.value?.reopensMs, shop.mock.calls.length]).toEqual([180_000, 2]);
  await pass(60_000);
  await pass(4_000);
  expect(state.shop.value?.storeOpen).toBe(true);
});
