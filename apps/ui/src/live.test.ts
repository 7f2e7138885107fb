import { effect } from "@preact/signals";
import { afterEach, expect, test, vi } from "vitest";
import { createLive, type LiveOptions, onWake } from "./live.ts";
import { createManualClock } from "./manual-clock.ts";
import type { Socket } from "./mqtt/index.ts";

const DAY_MS = 86_400_000;

afterEach(() => void vi.unstubAllGlobals());

/** A server that grants everything; `tell` sends a message, `cut` ends the link. */
function open(snapshot: () => Promise<void>, subscription: LiveOptions["subscription"] = async () => ({ filters: ["a"] })) {
  const clock = createManualClock(0);
  const sockets: Socket[] = [];
  const onMessage = vi.fn();
  const onRefused = vi.fn();
  const live = createLive({
    openSocket() {
      const socket = { binaryType: "", onopen: null, onmessage: null, onclose: null, send: () => {}, close: () => {} } as Socket;
      sockets.push(socket);
      return socket;
    },
    clientId: "test",
    subscription,
    snapshot,
    onMessage,
    onRefused,
    clock,
    random: () => 0,
  });
  const receive = (...bytes: number[]): void => sockets.at(-1)?.onmessage?.({ data: Uint8Array.from(bytes).buffer });
  const connect = async (): Promise<void> => {
    const before = sockets.length;
    live.reconnect();
    await expect.poll(() => sockets.length).toBe(before + 1);
    sockets.at(-1)?.onopen?.();
    receive(0x20, 2, 0, 0);
    receive(0x90, 3, 0, 1, 1);
  };
  const tell = (payload: string): void => {
    const bytes = new TextEncoder().encode(payload);
    receive(0x30, bytes.length + 3, 0, 1, 97, ...bytes);
  };
  return { live, clock, connect, tell, onMessage, onRefused, sockets, cut: (code = 1006) => sockets.at(-1)?.onclose?.({ code }) };
}

const message = (id: string): string => JSON.stringify({ id, time: "", type: "T", detail: {} });

test("L1, L2. fresh once a snapshot has been read; messages are taken from the first moment", async () => {
  let finish = (): void => {};
  const { live, connect, tell, onMessage, cut, clock } = open(() => new Promise((resolve) => (finish = resolve)));
  await connect();
  tell(message("m1"));
  expect(onMessage).toHaveBeenCalledOnce();
  expect(live.state.value.fresh).toBe(false);
  finish();
  await expect.poll(() => live.state.value.fresh).toBe(true);
  clock.advance(50);
  tell(message("m2"));
  expect(live.state.value.heardMs).toBe(50);
  cut();
  expect(live.state.value).toEqual({ fresh: false, heardMs: 50 });
});

test("L2. a snapshot that fails is tried again while the link stands", async () => {
  const snapshot = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error("busy")).mockResolvedValue(undefined);
  const { live, connect, clock } = open(snapshot);
  await connect();
  await expect
    .poll(() => {
      clock.advance(1_000);
      return live.state.value.fresh;
    })
    .toBe(true);
  expect(snapshot).toHaveBeenCalledTimes(2);
});

test("a snapshot of an older link does not make the data fresh", async () => {
  let finish = (): void => {};
  const { live, connect, cut } = open(() => new Promise((resolve) => (finish = resolve)));
  await connect();
  cut();
  finish();
  await Promise.resolve();
  expect(live.state.value.fresh).toBe(false);
});

test("what is not a message is passed over", async () => {
  const { connect, tell, onMessage } = open(async () => {});
  await connect();
  tell("nonsense");
  expect(onMessage).not.toHaveBeenCalled();
});

test("a link that is refused asks for its credentials again; without them nothing is shown as old, once it is closed", async () => {
  const subscription = vi.fn<LiveOptions["subscription"]>().mockResolvedValueOnce({ filters: ["a"] });
  const { live, connect, cut, onRefused, sockets } = open(async () => {}, subscription);
  await connect();
  await expect.poll(() => live.state.value.fresh).toBe(true);
  subscription.mockImplementation(async () => {
    live.close(); // as an app does whose session has ended
    throw new Error("signed out");
  });
  cut(4401);
  expect(onRefused).toHaveBeenCalledOnce();
  await expect.poll(() => live.state.value).toEqual({ fresh: false, heardMs: 0 });
  expect(sockets).toHaveLength(1);
});

test("an effect that closes the link does not follow it", async () => {
  const { live, connect } = open(async () => {});
  const close = vi.fn(live.close);
  effect(() => close());
  await connect();
  await expect.poll(() => live.state.value.fresh).toBe(true);
  expect(close).toHaveBeenCalledOnce();
});

/** A page in view; `show` fires the event of a page that comes into view. */
function openPage() {
  const clock = createManualClock(0);
  const page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", vi.fn());
  const woken = vi.fn();
  onWake(clock, woken);
  return { clock, page, woken, show: () => page.dispatchEvent(new Event("visibilitychange")) };
}

test("L3. a page that comes into view wakes, not more than once in 2 s", () => {
  const { clock, woken, show } = openPage();
  show();
  show();
  expect(woken).toHaveBeenCalledOnce();
  clock.advance(2_000);
  show();
  expect(woken).toHaveBeenCalledTimes(2);
});

test("L3. a page wakes also after its device's clock was set back a day", () => {
  const { clock, woken, show } = openPage();
  show();
  clock.set(-DAY_MS);
  show();
  expect(woken).toHaveBeenCalledTimes(2);
});

test.each([
  { name: "was frozen", byMs: 60_000 },
  { name: "lives on a device whose clock was set back", byMs: -DAY_MS },
])("L3. a page that $name wakes by itself, once", ({ byMs }) => {
  const { clock, woken } = openPage();
  clock.advance(60_000);
  expect(woken).not.toHaveBeenCalled();
  clock.set(byMs);
  clock.advance(2_000);
  expect(woken).toHaveBeenCalledOnce();
  clock.advance(60_000);
  expect(woken).toHaveBeenCalledOnce();
});

test("L3. a page out of view, whose timers run late, stays asleep", () => {
  const { clock, page, woken } = openPage();
  page.hidden = true;
  clock.set(60_000);
  clock.advance(2_000);
  expect(woken).not.toHaveBeenCalled();
});
