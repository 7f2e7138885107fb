import { expect, test } from "vitest";
import { createSpareTurns } from "./spare-turns.ts";

/** Keeps the loop busy for `ms`. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Adds `number` pieces of work and counts how many were done in each turn of the loop, in which others work for `othersMs`. */
async function piecesByTurn(number: number, pieceMs: number, othersMs: number): Promise<number[]> {
  const turns = createSpareTurns();
  const counts: number[] = [];
  let inTurn = 0;
  let done = 0;
  for (let at = 0; at < number; at++) {
    turns.add(() => {
      work(pieceMs);
      inTurn += 1;
      done += 1;
    });
  }
  while (done < number) {
    work(othersMs);
    await new Promise((resolve) => setImmediate(resolve));
    counts.push(inTurn);
    inTurn = 0;
  }
  return counts;
}

test("a crowd is served one at a time, some turns apart", async () => {
  const counts = await piecesByTurn(20, 2, 0);
  expect(counts.filter((count) => count > 0).length).toBeGreaterThan(8);
  expect(counts.filter((count) => count === 0).length).toBeGreaterThan(20);
});

test("in a loop that is busy with others it gets on, a few milliseconds a turn", async () => {
  const counts = await piecesByTurn(60, 1, 15);
  expect(Math.max(...counts)).toBeLessThanOrEqual(6);
  expect(counts.length).toBeLessThan(60);
});

test("what is asked for first is done first", async () => {
  const turns = createSpareTurns();
  const done: number[] = [];
  await new Promise<void>((resolve) => {
    for (let at = 0; at < 3_000; at++) turns.add(() => done.push(at) === 3_000 && resolve());
  });
  expect(done).toEqual(Array.from({ length: 3_000 }, (_, at) => at));
});

test("work may add work", async () => {
  const turns = createSpareTurns();
  const done: number[] = [];
  await new Promise<void>((resolve) => {
    const piece = (at: number): void => {
      done.push(at);
      if (at < 3) turns.add(() => piece(at + 1));
      else for (let left = 10; left >= 0; left--) setImmediate(() => left === 0 && resolve());
    };
    turns.add(() => piece(0));
  });
  expect(done).toEqual([0, 1, 2, 3]);
});
