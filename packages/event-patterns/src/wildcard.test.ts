/** Law: wildcards agree with a regular expression, in linear time. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileWildcard } from "./wildcard.ts";

test("wildcards agree with a regular expression", () => {
  const piece = fc.constantFrom("a", "b", "*", "\\*", "\\\\");
  const wild = fc
    .array(piece, { maxLength: 8 })
    .map((pieces) => pieces.join("").replace(/(?<!\\)\*{2,}/g, "*"))
    .filter((one) => !/(?:^|[^\\])(?:\\\\)*\*\*/.test(one));
  fc.assert(
    fc.property(wild, fc.string({ unit: fc.constantFrom("a", "b", "*", "\\"), maxLength: 12 }), (one, subject) => {
      const source = one.replace(/\\(.)|(\*)|[ab]/g, (found, escaped: string | undefined, star: string | undefined) =>
        star !== undefined ? "[^]*" : escaped !== undefined ? `\\${escaped}` : found,
      );
      expect(compileWildcard(one)(subject)).toBe(new RegExp(`^${source}$`).test(subject));
    }),
    { numRuns: 2000 },
  );
});

test("W1: wildcards take linear time", () => {
  const test = compileWildcard(`*${"a".repeat(50)}b*${"ab".repeat(50)}c*`);
  const subject = "a".repeat(500_000);
  const before = process.threadCpuUsage();
  expect(test(subject)).toBe(false);
  expect(process.threadCpuUsage(before).user / 1_000).toBeLessThan(200);
});
