import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

function busy(ms: number): void {
  const from = performance.now();
  while (performance.now() - from < ms);
}

test("TU1: other work comes between calls that take long, and all are answered in order", async () => {
  const turns = createTurns(10);
  const order: string[] = [];
  const other = setInterval(() => order.push("other"), 0);
  const calls = Array.from({ length: 6 }, (_, at) =>
    turns.run(async () => {
      busy(15);
      order.push(`${at}`);
      return at;
    }),
  );
  expect(order).toEqual(["0"]);
  expect(await Promise.all(calls)).toEqual([0, 1, 2, 3, 4, 5]);
  clearInterval(other);
  expect(order.filter((what) => what !== "other")).toEqual(["0", "1", "2", "3", "4", "5"]);
  // What was begun before the first turn ended may come right after it.
  for (let at = 2; at < 6; at++) expect(order.slice(order.indexOf(`${at - 1}`), order.indexOf(`${at}`))).toContain("other");
});

test("TU2: calls that wait, and quick ones, are begun at once", async () => {
  const turns = createTurns(1_000);
  let begun = 0;
  const calls = Array.from({ length: 50 }, () =>
    turns.run(async () => {
      begun++;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }),
  );
  expect(begun).toBe(50);
  await Promise.all(calls);
});

test("a call that fails fails alone", async () => {
  const turns = createTurns(0);
  const calls = [turns.run(() => Promise.reject(new Error("no"))), turns.run(async () => "yes")];
  expect(await Promise.allSettled(calls)).toMatchObject([{ status: "rejected" }, { status: "fulfilled", value: "yes" }]);
});
