import fc from "fast-check";
import { expect, test } from "vitest";
import { isSameText } from "../shared/same-text.ts";
import { parseCode } from "./sub-code.ts";
import { codeOf, isSpendable, windowAt } from "./window.ts";

test("windows are aligned to the epoch and follow without gap", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 1440 }), (nowMs, minutes) => {
      const window = windowAt(nowMs, minutes);
      const next = windowAt(window.endMs, minutes);
      return (
        window.startMs <= nowMs &&
        nowMs < window.endMs &&
        window.startMs % (minutes * 60_000) === 0 &&
        next.startMs === window.endMs &&
        Number(next.number) === Number(window.number) + 1
      );
    }),
  );
});

test("a code leads to its window", () => {
  const window = windowAt(Date.UTC(2026, 10, 22), 5);
  const code = codeOf(window, "Ab-_9");
  expect(parseCode(code)).toEqual({ text: code, window: window.number, step: undefined });
  expect(isSameText(code, code)).toBe(true);
  expect(isSameText(code, codeOf(window, "Ab-_8"))).toBe(false);
});

test.each(["", ".", "x", "abc.", ".abc", "user#ada", "ABC.def", "zzzzzzzzzzz.a", "1.a/b", "1.a.b"])("%j is no code", (code) => {
  expect(parseCode(code)).toBeUndefined();
});

test("30 seconds of grace, not one more millisecond", () => {
  const window = windowAt(0, 5);
  expect(isSpendable(window, window.endMs + 29_999)).toBe(true);
  expect(isSpendable(window, window.endMs + 30_000)).toBe(false);
});
