import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { createServerClock } from "../../ui/src/clock.ts";
import { explain } from "../../ui/src/explain.ts";
import type { Kit } from "../../ui/src/kit.ts";
import { createManualClock } from "../../ui/src/manual-clock.ts";
import { Problem } from "../../ui/src/problem.ts";
import { createConsoleApp } from "./console-app.ts";
import { type Words, words } from "./words/en.ts";

/** A console whose calls the test sees. */
function openConsole() {
  const clock = createManualClock(0);
  const call = vi.fn(async (..._call: unknown[]) => ({ deviceName: "Counter" }));
  const kit = {
    api: { call },
    session: { user: signal(null), restore: async () => {} },
    clock,
    serverClock: createServerClock(clock),
    words: signal(words),
    openLive: () => ({ close: () => {}, reconnect: () => {} }),
  };
  return { call, ...createConsoleApp(kit as unknown as Kit<Words>) };
}

test("a code is sent as the device shows it, each press under a key of its own", async () => {
  const { call, pair } = openConsole();
  expect([await pair(" abc-d2 3"), await pair("ABCD23")]).toEqual(["Counter", "Counter"]);
  const sent = ["backend", "/pairings/ABCD23", { method: "POST", key: expect.stringMatching(/^[0-9a-f]{32}$/) }];
  expect(call.mock.calls).toEqual([sent, sent]);
  const [first, second] = call.mock.calls.map(([, , options]) => options);
  expect(first).not.toEqual(second);
});

test.each(["..", "-", "\u00fc", "/"])("%s is no code: it says so, and nothing is sent", async (typed) => {
  const { call, pair } = openConsole();
  const error: unknown = await pair(typed).catch((refused: unknown) => refused);
  expect(explain(error, words)).toBe("Enter the six letters and digits that the device shows.");
  expect(call).not.toHaveBeenCalled();
});

test("a code that no display shows is said in the operator's words, not the guest's", () => {
  expect(explain(new Problem("unknown-code", 400, "No device"), words)).toMatch(/^No display shows this code/);
});
