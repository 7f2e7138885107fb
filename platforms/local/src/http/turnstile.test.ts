import { expect, test } from "vitest";
import { createTurnstile, type Turnstile } from "./turnstile.ts";

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A turnstile whose works note their names as they are begun. */
function open(now?: () => number): {
  turnstile: Turnstile;
  begun: string[];
  work: (name: string, isGone?: boolean) => Parameters<Turnstile["add"]>[0];
} {
  const begun: string[] = [];
  const work = (name: string, isGone = false) => ({ isGone: () => isGone, run: () => void begun.push(name) });
  return { turnstile: createTurnstile(now), begun, work };
}
/** Until nothing new is begun for many turns. */
async function settle(begun: readonly string[]): Promise<void> {
  for (let quiet = 0, seen = -1; quiet < 40; quiet = begun.length === seen ? quiet + 1 : 0) {
    seen = begun.length;
    await turnOfLoop();
  }
}

test("a turn begins one piece of work at most (T1)", async () => {
  const { turnstile, begun, work } = open();
  for (let at = 0; at < 20; at++) turnstile.add(work(`${at}`));
  for (let before = 0; begun.length < 20; before = begun.length) {
    await turnOfLoop();
    expect(begun.length - before).toBeLessThanOrEqual(1);
  }
});

test("the oldest first; what could have been kept back last, and now and then before (T2)", async () => {
  const { turnstile, begun, work } = open(() => 0);
  for (let at = 0; at < 8; at++) turnstile.add(work(`${at}`));
  for (let at = 0; at < 3; at++) turnstile.later(work(`late ${at}`));
  await settle(begun);
  expect(begun).toEqual(["0", "1", "2", "3", "4", "5", "6", "late 0", "7", "late 1", "late 2"]);
});

test("once the oldest has waited for long, the newest first, every fourth time the oldest (T2)", async () => {
  let nowMs = 0;
  const { turnstile, begun, work } = open(() => nowMs);
  for (let at = 0; at < 12; at++) turnstile.add(work(`${at}`));
  for (let at = 0; at < 4; at++) turnstile.later(work(`late ${at}`));
  nowMs = 400;
  await settle(begun);
  expect(begun).toEqual(["11", "10", "9", "0", "8", "7", "6", "late 0", "5", "4", "3", "1", "2", "late 1", "late 2", "late 3"]);
});

test("what nobody waits for any more takes no turn", async () => {
  const { turnstile, begun, work } = open();
  turnstile.add(work("there"));
  for (let at = 0; at < 1_000; at++) turnstile.add(work("gone", true));
  await turnOfLoop();
  await turnOfLoop();
  expect(begun).toEqual(["there"]);
});

test("new connections go first, fifteen in a row at most (T3)", async () => {
  const { turnstile, begun, work } = open();
  const turns: number[] = [];
  for (let at = 0; at < 3; at++) turnstile.add(work(`${at}`));
  for (let turn = 0; begun.length < 3; turn++) {
    turnstile.tookConnection();
    const before = begun.length;
    await turnOfLoop();
    if (begun.length > before) turns.push(turn);
  }
  expect(turns).toEqual([15, 31, 47]);
});
