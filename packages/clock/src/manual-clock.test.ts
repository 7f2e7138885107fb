import fc from "fast-check";
import { expect, test } from "vitest";
import { createManualClock } from "./manual-clock.ts";

/** A disk that takes `turns` turns of the event loop for each of `left` writes, one after the other. */
function createDisk(turns: number): { write(times: number): void; flush(): Promise<number> } {
  let [left, written] = [0, 0];
  const write = async (): Promise<void> => {
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    written++;
    if (--left > 0) await write();
  };
  return {
    write(times) {
      left = times;
      void write();
    },
    async flush() {
      const before = written;
      for (let i = 0; i <= turns && written === before; i++) await new Promise((resolve) => setImmediate(resolve));
      return written;
    },
  };
}

test("property: advance ends when what it set off has ended, however many steps that takes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 12 }), async (writes, turns) => {
      const clock = createManualClock();
      const disk = createDisk(turns);
      clock.settleWith(disk.flush);
      clock.at(clock.nowMs() + 5, () => disk.write(writes));
      await clock.advance(5);
      expect(await disk.flush()).toBe(writes);
    }),
    { numRuns: 30 },
  );
});

test("what is set for the end while it comes falls due as well", async () => {
  const clock = createManualClock();
  const called: number[] = [];
  const begin = clock.nowMs();
  clock.at(begin + 10, async () => {
    while (clock.nowMs() === begin + 10) await new Promise((resolve) => setImmediate(resolve));
    clock.at(clock.nowMs(), () => called.push(clock.nowMs() - begin));
  });
  await clock.advance(20);
  expect(called).toEqual([20]);
});
