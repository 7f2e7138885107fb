import { effect } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { createNow, createServerClock } from "./clock.ts";
import { age, countdown, firstName, urgency } from "./format.ts";
import { createManualClock } from "./manual-clock.ts";

test.each([
  [300_000, "5:00"],
  [300_200, "5:00"], // the clock is an estimate
  [299_251, "5:00"],
  [299_250, "4:59"],
  [251, "0:01"],
  [0, "0:00"],
  [-5, "0:00"],
  [3_600_000, "60:00"],
])("%i ms left read %s", (ms, text) => expect(countdown(ms)).toBe(text));

test.each([
  [-1, 0, "s"],
  [59_999, 59, "s"],
  [60_000, 1, "min"],
  [7_199_999, 119, "min"],
])("%i ms old are %i %s", (ms, value, unit) => expect(age(ms)).toEqual({ value, unit }));

test("green under 2 minutes, amber under 5, red after", () => {
  expect([0, 119_999, 120_000, 299_999, 300_000].map((ms) => urgency(ms))).toEqual(["calm", "calm", "soon", "soon", "late"]);
});

test("a board shows first names only", () => expect([firstName("Ana Souza"), firstName("")]).toEqual(["Ana", ""]));

test("C1. the server's clock is estimated at its own rate, from the middle of the question", () => {
  const clock = createManualClock(1000);
  const server = createServerClock(clock);
  expect(server.nowMs()).toBe(1000);
  clock.advance(200);
  server.read(50_000, 60, 1000);
  expect(server.nowMs()).toBe(50_000 + 100 * 60);
  clock.advance(1000);
  expect(server.nowMs()).toBe(50_000 + 1100 * 60);
});

test("C2. an end on the server's clock comes at its rate, never early, also where the estimate was corrected meanwhile", () => {
  const clock = createManualClock(0);
  const server = createServerClock(clock);
  server.read(0, 60, 0);
  const fn = vi.fn();
  server.at(60_000, fn);
  server.at(30_000, () => expect.fail("was cancelled"))();
  clock.advance(999);
  expect(fn).not.toHaveBeenCalled();
  clock.advance(1);
  expect(fn).toHaveBeenCalledOnce();
  const late = vi.fn();
  server.at(server.nowMs() + 3_600_000, late);
  server.read(server.nowMs() + 3_600_000, 1, clock.nowMs()); // the bar's computer was set forward
  clock.advance(15_000);
  expect(late).toHaveBeenCalledOnce();
});

test("C1. a pause of a minute that begins between two ticks begins at 1:00, and goes on with each tick", () => {
  const clock = createManualClock(0);
  const now = createNow(clock, createServerClock(clock));
  clock.advance(700);
  const shown: string[] = [];
  const endMs = clock.nowMs() + 60_000;
  effect(() => void shown.push(countdown(endMs - now.value)));
  clock.advance(2_000);
  expect(shown).toEqual(["1:00", "1:00", "0:59"]);
});
