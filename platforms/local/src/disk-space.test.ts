import { createManualClock } from "@serverlesspresso/clock";
import { expect, test } from "vitest";
import { watchDiskSpace } from "./disk-space.ts";

test("DS1, DS2, DS3: low below the reserve, and well again by itself; a failed look changes nothing, each turn is told", async () => {
  const clock = createManualClock();
  const free = [100, 50, Number.NaN, 100];
  const errors: unknown[] = [];
  const readFree = async (): Promise<number> => {
    const next = free.shift() ?? 100;
    if (Number.isNaN(next)) throw new Error("no answer");
    return next;
  };
  const turns: boolean[] = [];
  const onTurn = (isLow: boolean): void => void turns.push(isLow);
  const space = await watchDiskSpace({ folder: ".", clock, reserveBytes: 64, readFree, onTurn, onError: (error) => errors.push(error) });
  const seen = [space.isLow()];
  for (let i = 0; i < 3; i++) {
    await clock.advance(2000);
    seen.push(space.isLow());
  }
  expect(seen).toEqual([false, true, true, false]);
  expect(errors).toHaveLength(1);
  expect(turns).toEqual([true, false]);
  space.stop();
});

test("DS3: a start below the reserve is told at once, and not again", async () => {
  const clock = createManualClock();
  const turns: boolean[] = [];
  const onTurn = (isLow: boolean): void => void turns.push(isLow);
  const space = await watchDiskSpace({ folder: ".", clock, reserveBytes: 64, readFree: async () => 1, onTurn, onError: () => {} });
  expect(turns).toEqual([true]);
  await clock.advance(2000);
  expect(turns).toEqual([true]);
  space.stop();
});

test("the operating system is asked by default", async () => {
  const space = await watchDiskSpace({ folder: ".", clock: createManualClock(), reserveBytes: 1, onError: () => {} });
  expect(space.isLow()).toBe(false);
  space.stop();
});
