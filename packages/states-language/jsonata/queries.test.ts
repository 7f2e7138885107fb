import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createQueries } from "./queries.ts";

const heavy = "$count([1..9000])";

test("QS2: a turn of the loop does so much and no more; the next one goes on", async () => {
  const answerNow = createQueries(() => 0);
  const answers = Array.from({ length: 100 }, () => answerNow(heavy, {}));
  const done = answers.filter((answer) => answer !== undefined);
  expect(done.length).toBeGreaterThan(5);
  expect(done.length).toBeLessThan(50);
  expect(answerNow("1 + 1", {})).toBeUndefined();
  await nextTurn();
  expect(answerNow("1 + 1", {})).toEqual({ kind: "value", value: 2 });
});

test("QS2: what compiles counts as well", async () => {
  const answerNow = createQueries(() => 0);
  const answers = Array.from({ length: 100 }, (_, n) => answerNow(`"${"x".repeat(1_900)}" & ${n}`, {}));
  expect(answers.filter((answer) => answer !== undefined).length).toBeLessThan(15);
});

test("QS3: what was too much is seldom tried, until it is answered again", async () => {
  const answerNow = createQueries(() => 0);
  const tried = async (n: number): Promise<boolean> => {
    await nextTurn();
    return answerNow("$count([1..$n])", { n }) !== undefined;
  };
  expect(await tried(30_000)).toBe(false);
  // Left alone twice, then tried and answered, and from then on at once.
  expect([await tried(3), await tried(3), await tried(3), await tried(3)]).toEqual([false, false, true, true]);
});

test("a value that took much says how much", () => {
  const answerNow = createQueries(() => 0);
  expect(answerNow(heavy, {})).toMatchObject({ value: 9_000, work: expect.any(Number) });
  expect(answerNow("1", {})).toEqual({ kind: "value", value: 1 });
});
