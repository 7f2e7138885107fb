import { createManualClock } from "@serverlesspresso/clock";
import { expect, test } from "vitest";
import { watchDiskSpace } from "./disk-space.ts";

test("R1, R2: low below the reserve, and well again by itself; a failed look changes nothing", async () => {
  const clock = createManualClock();
  const free = [100, 50, Number.NaN, 100];
  const errors: unknown[] = [];
  const readFree = async (): Promise<number> => {
    const next = free.shift() ?? 100;
    if (Number.isNaN(next)) throw new Error("no answer");
    return next;
  };
  const space = await watchDiskSpace({ folder: ".", clock, reserveBytes: 64, readFree, onError: (error) => errors.push(error) });
  const seen = [space.isLow()];
  for (let i = 0; i < 3; i++) {
    await clock.advance(2000);
    seen.push(space.isLow());
  }
  expect(seen).toEqual([false, true, true, false]);
  expect(errors).toHaveLength(1);
  space.stop();
});

test("the operating system is asked by default", async () => {
  const space = await watchDiskSpace({ folder: ".", clock: createManualClock(), reserveBytes: 1, onError: () => {} });
  expect(space.isLow()).toBe(false);
  space.stop();
});
