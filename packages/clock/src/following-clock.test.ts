import { describe, expect, test } from "vitest";
import { createFollowingClock, createManualMachine } from "./index.ts";

const hour = 3_600_000;
const day = 24 * hour;

function open(startAheadMs = 0) {
  const machine = createManualMachine();
  const steps: number[] = [];
  const clock = createFollowingClock({ machine, startMs: machine.wallMs() + startAheadMs, onStep: (byMs) => steps.push(byMs) });
  const aheadMs = (): number => clock.nowMs() - machine.wallMs();
  return { machine, clock, steps, aheadMs };
}

describe.each([1, -1])("a difference in direction %d", (direction) => {
  test("of less than a second is slewed within its time, and not told (F1)", () => {
    const { machine, clock, steps, aheadMs } = open();
    machine.setBy(direction * 900);
    let lastMs = clock.nowMs();
    for (let second = 0; second < 500; second++) {
      machine.advance(1000);
      const passedMs = clock.nowMs() - lastMs;
      expect(Math.abs(passedMs - 1000)).toBeLessThanOrEqual(3);
      lastMs = clock.nowMs();
    }
    expect([Math.abs(aheadMs()) <= 1, steps]).toEqual([true, []]);
  });
});

test.each([hour, day])("the wall clock goes forward by %d ms: at once, told, what is due fires within a second (F2, F4)", (byMs) => {
  for (const how of ["setBy", "sleep"] as const) {
    const { machine, clock, steps, aheadMs } = open();
    const fired: string[] = [];
    clock.at(clock.nowMs() + 10 * 60_000, () => fired.push("due"));
    clock.at(clock.nowMs() + byMs + 10_000, () => fired.push("later"));
    machine.advance(5_000);
    machine[how](byMs);
    machine.advance(1_000);
    expect([fired, steps, aheadMs()]).toEqual([["due"], [byMs], 0]);
    machine.advance(3_999);
    expect(fired).toEqual(["due"]);
    machine.advance(1);
    expect(fired).toEqual(["due", "later"]);
  }
});

test.each([hour, day])("the wall clock is set back by %d ms: told, time goes on, no deadline moves (F3, F4)", (byMs) => {
  const { machine, clock, steps, aheadMs } = open();
  const fired: number[] = [];
  const dueMs = clock.nowMs() + 10_000;
  clock.at(dueMs, () => fired.push(clock.nowMs()));
  machine.advance(5_000);
  machine.setBy(-byMs);
  machine.advance(5_000);
  expect(fired).toEqual([]);
  machine.advance(11);
  expect(fired).toEqual([dueMs]);
  expect(steps).toEqual([-byMs]);
  const before = aheadMs();
  machine.advance(1_000_000);
  expect(before - aheadMs()).toBeCloseTo(2_000, -1);
});

test("it catches up with a clock that was set back and forward again, and is never before what it said", () => {
  const { machine, clock, steps, aheadMs } = open();
  let lastMs = clock.nowMs();
  for (const byMs of [-hour, 50, day, -day, hour, -300, 300, day]) {
    machine.setBy(byMs);
    for (let i = 0; i < 5; i++) {
      machine.advance(700);
      const now = clock.nowMs();
      expect(now).toBeGreaterThan(lastMs);
      lastMs = now;
    }
  }
  expect([steps, aheadMs()]).toEqual([[-hour, day, -day, hour, day], 0]);
});

test("it begins where it is told, where that is later, and stays ahead", () => {
  const { machine, steps, aheadMs } = open(hour);
  expect(aheadMs()).toBe(hour);
  machine.advance(60_000);
  expect([aheadMs(), steps]).toEqual([hour - 120, []]);
});

test("with nothing to wait for it does not look; far alarms come in time", () => {
  const { machine, clock } = open();
  const fired: string[] = [];
  const cancel = clock.at(clock.nowMs() + 40 * day, () => fired.push("cancelled"));
  clock.at(clock.nowMs() + 30 * day, () => fired.push("month"));
  machine.sleep(29 * day);
  machine.advance(day - 1);
  expect(fired).toEqual([]);
  machine.advance(1);
  cancel();
  machine.advance(20 * day);
  expect(fired).toEqual(["month"]);
  expect(() => clock.at(Number.NaN, () => {})).toThrow("expected an instant");
});
