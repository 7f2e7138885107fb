import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChunkLine, lineOf, shortened } from "./line-forms.ts";

const id = fc.oneof(
  fc.uuid(),
  fc.constantFrom("6342ca48-096c-4722-94ba-bd13564839a8", "6342CA48-096C-4722-94BA-BD13564839A8", "-".repeat(36)),
);
const number = fc.constantFrom("0", "7", "07", "1234", "1234567890", "1.5");
const message = fc.oneof(
  id.map((one) => `START RequestId: ${one} Version: $LATEST`),
  id.map((one) => `END RequestId: ${one}`),
  fc.tuple(id, number, number).map(([one, a, b]) => `REPORT RequestId: ${one}\tDuration: ${a}.00 ms\tBilled Duration: ${b} ms`),
  fc.tuple(id, number).map(([one, a]) => `REPORT RequestId: ${one}\tDuration: ${a}.00 ms\tBilled Duration: ${a} ms`),
  fc
    .tuple(fc.constantFrom("START", "END", "REPORT", "STOP"), id, fc.string())
    .map(([word, one, rest]) => `${word} RequestId: ${one}${rest}`),
  fc.tuple(id, fc.constantFrom("\n", "\u2028", " ")).map(([one, end]) => `END RequestId: ${one}${end}`),
  fc.string(),
);

test("LF1: what is read is what was written", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(60_000), message), { maxLength: 20 }), (lines) => {
      const stored = JSON.parse(JSON.stringify(shortened(lines))) as ChunkLine[];
      expect(stored.map(([offsetMs], place) => [offsetMs, lineOf(stored, place)])).toEqual(lines);
    }),
    { numRuns: 2_000 },
  );
});

test("the three lines of an invocation have its id once", () => {
  const one = "6342ca48-096c-4722-94ba-bd13564839a8";
  const lines = [
    [0, `START RequestId: ${one} Version: $LATEST`],
    [1, "its own"],
    [7, `END RequestId: ${one}`],
    [7, `REPORT RequestId: ${one}\tDuration: 7.00 ms\tBilled Duration: 7 ms`],
  ] as const;
  expect(shortened(lines)).toEqual([
    [0, 1, "Y0LKSAlsRyKUur0TVkg5qA"],
    [1, "its own"],
    [7, 2, 0],
    [7, 3, 0, 7],
  ]);
});
