import { afterEach, expect, test, vi } from "vitest";
import type { Base } from "./base.ts";
import { createServerClock } from "./clock.ts";
import { createKit } from "./kit.ts";
import { createManualClock } from "./manual-clock.ts";
import type { CommonWords } from "./words/en.ts";

const HOUR_MS = 3_600_000;

afterEach(() => void vi.unstubAllGlobals());

/** An app in view, whose links `sockets` counts. */
function openKit() {
  const clock = createManualClock(0);
  const page = Object.assign(new EventTarget(), { hidden: false });
  const sockets = vi.fn();
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", vi.fn());
  vi.stubGlobal(
    "WebSocket",
    class {
      constructor(...address: unknown[]) {
        sockets(...address);
      }
      send(): void {}
      close(): void {}
    },
  );
  const base = {
    app: "barista",
    deviceId: "d1",
    clock,
    serverClock: createServerClock(clock),
    endpoints: () => ({ userPool: "", mqtt: "ws://bar" }),
  };
  const kit = createKit(base as unknown as Base<CommonWords>);
  const live = kit.openLive({ filters: () => ["orders"], onMessage: () => {}, snapshot: async () => {} });
  return { kit, live, clock, sockets, show: () => page.dispatchEvent(new Event("visibilitychange")) };
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const tokens = { AccessToken: `${part({})}.${part({ sub: "u1", exp: HOUR_MS / 1000 })}.signature` };

test("a page that wakes makes its link anew, but none that was closed", async () => {
  const { live, sockets, show, clock } = openKit();
  live.reconnect();
  await expect.poll(() => sockets.mock.calls.length).toBe(1);
  show();
  await expect.poll(() => sockets.mock.calls.length).toBe(2);
  live.close();
  clock.advance(2_000);
  show();
  await new Promise(setImmediate);
  expect(sockets).toHaveBeenCalledTimes(2);
});

test("K2. the link is renewed before its token ends, but not once it is closed", async () => {
  const { kit, live, sockets, clock } = openKit();
  await kit.session.adopt(tokens);
  live.reconnect();
  await expect.poll(() => sockets.mock.calls.length).toBe(1);
  live.close();
  kit.session.user.value = null;
  clock.advance(HOUR_MS);
  await new Promise(setImmediate);
  expect(sockets).toHaveBeenCalledOnce();
});
