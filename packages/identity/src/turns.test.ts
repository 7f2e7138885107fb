import { expect, test } from "vitest";
import { createTurns, type Place } from "./turns.ts";

/** One piece of work at a time, each ended by the test. */
function open(places: { mostInLane?: number; mostOfCaller?: number } = {}) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const turns = createTurns({ concurrency: 1, mostInLane: 100, mostOfCaller: 100, ...places, full: () => new Error("full") });
  const ask = (name: string, lane: string, caller: string): Promise<void> =>
    turns.run({ lane, caller } satisfies Place, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const finish = async (): Promise<void> => {
    for (let end = ends.shift(); end !== undefined; end = ends.shift()) {
      end();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { begun, ask, finish };
}

test("Q2. 480 sign-ups of one address let a sign-in, and another's sign-up, through after one of theirs", async () => {
  const { begun, ask, finish } = open({ mostInLane: 500, mostOfCaller: 500 });
  const all = Array.from({ length: 480 }, (_, i) => ask(`up ${i}`, "new", "10.0.0.1"));
  all.push(ask("in", "check", "10.0.0.1"), ask("other", "new", "10.0.0.2"));
  await finish();
  await Promise.all(all);
  expect([begun.indexOf("in"), begun.indexOf("other") <= 4, begun.length]).toEqual([2, true, 482]);
});

test("Q3. beyond its places a caller is refused, others are not; what was refused leaves nothing behind", async () => {
  const { begun, ask, finish } = open({ mostInLane: 3, mostOfCaller: 2 });
  const [running, ...waiting] = [ask("a0", "l", "a"), ask("a1", "l", "a"), ask("a2", "l", "a")];
  await expect(ask("a3", "l", "a")).rejects.toThrow("full");
  waiting.push(ask("b1", "l", "b"));
  await expect(ask("c1", "l", "c")).rejects.toThrow("full");
  waiting.push(ask("c2", "other", "c"));
  await finish();
  await Promise.all([running, ...waiting]);
  expect([...begun].sort()).toEqual(["a0", "a1", "a2", "b1", "c2"]);
  const again = ask("a4", "l", "a");
  await finish();
  await again;
});

test("work that fails ends its turn", async () => {
  const turns = createTurns({ concurrency: 1, mostInLane: 1, mostOfCaller: 1, full: () => new Error("full") });
  const place = { lane: "l", caller: "a" };
  await expect(turns.run(place, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await turns.run(place, async () => "done")).toBe("done");
});
