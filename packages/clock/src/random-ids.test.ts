import { expect, test } from "vitest";
import { createIds } from "./random-ids.ts";

const atMs = 1_780_000_000_000;
let nowMs = atMs;
const ids = (): ReturnType<typeof createIds> => createIds({ nowMs: () => nowMs, at: () => () => {} });
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const numberIn = (text: string): bigint => [...text].reduce((sum, digit) => sum * 32n + BigInt(alphabet.indexOf(digit)), 0n);

test("a ULID has the clock's time and 79 random bits, with room to count up", () => {
  const made = Array.from({ length: 1_000 }, () => ids().ulid());
  for (const one of made) expect(one).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(new Set(made.map((one) => numberIn(one.slice(0, 10))))).toEqual(new Set([BigInt(atMs)]));
  expect(new Set(made).size).toBe(made.length);
  const ones = made.reduce((sum, one) => sum | numberIn(one.slice(10)), 0n);
  expect(ones).toBe(2n ** 79n - 1n);
});

test("those of one millisecond count up by one; those of a clock that was set back go on", () => {
  const { ulid } = ids();
  const first = ulid();
  for (let n = 1n; n < 5_000n; n++) expect(numberIn(ulid()) - numberIn(first)).toBe(n);
  nowMs = atMs - 1;
  expect(numberIn(ulid()) - numberIn(first)).toBe(5_000n);
  nowMs = atMs + 1;
  expect(numberIn(ulid()) > numberIn(first) + 5_000n).toBe(true);
  nowMs = atMs;
});
