import fc from "fast-check";
import { expect, test } from "vitest";
import { addNumbers, compareNumbers, negateNumber, normaliseNumber, orderedNumber } from "./decimal.ts";

test.each([
  ["0", "0"],
  ["-0.000", "0"],
  ["+01.50E1", "15"],
  [".5", "0.5"],
  ["5.", "5"],
  ["1e2", "100"],
  ["123.4500", "123.45"],
  ["-0.0012e1", "-0.012"],
  ["1E-130", `0.${"0".repeat(129)}1`],
  ["9e125", `9${"0".repeat(125)}`],
  ["12345678901234567890123456789012345678", "12345678901234567890123456789012345678"],
])("%s is written %s", (text, canonical) => expect(normaliseNumber(text)).toBe(canonical));

test.each([
  ["", "The parameter cannot be converted to a numeric value"],
  ["abc", "The parameter cannot be converted to a numeric value: abc"],
  ["1 ", "The parameter cannot be converted to a numeric value: 1 "],
  ["0x10", "The parameter cannot be converted to a numeric value: 0x10"],
  [".", "The parameter cannot be converted to a numeric value: ."],
  ["NaN", "The parameter cannot be converted to a numeric value: NaN"],
  ["1e126", "Number overflow. Attempting to store a number with magnitude larger than supported range"],
  ["-1e999999999", "Number overflow. Attempting to store a number with magnitude larger than supported range"],
  ["1e-131", "Number underflow. Attempting to store a number with magnitude smaller than supported range"],
  ["1".repeat(39), "Attempting to store more than 38 significant digits in a Number"],
])("%j is refused: %s", (text, message) => expect(() => normaliseNumber(text)).toThrow(message));

/** Numbers of up to 18 digits as text, with their value times 10^60 as a whole number. */
const number = fc
  .record({ negative: fc.boolean(), digits: fc.bigInt({ min: 0n, max: 10n ** 18n }), exponent: fc.integer({ min: -40, max: 40 }) })
  .map(({ negative, digits, exponent }) => ({
    text: `${negative ? "-" : ""}${digits}e${exponent}`,
    scaled: (negative ? -digits : digits) * 10n ** BigInt(60 + exponent),
  }));
const sign = (order: number | bigint): number => (order > 0 ? 1 : order < 0 ? -1 : 0);

test("D1: equal numbers have equal text, and it is a number again", () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [x, y] = [normaliseNumber(a.text), normaliseNumber(b.text)];
      expect(normaliseNumber(x)).toBe(x);
      expect(x === y).toBe(a.scaled === b.scaled);
    }),
  );
});

test("D2: texts sort as their numbers, and so does compareNumbers", () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [x, y] = [normaliseNumber(a.text), normaliseNumber(b.text)];
      const [p, q] = [orderedNumber(x), orderedNumber(y)];
      expect(p < q ? -1 : p > q ? 1 : 0).toBe(sign(a.scaled - b.scaled));
      expect(sign(compareNumbers(x, y))).toBe(sign(a.scaled - b.scaled));
    }),
    { numRuns: 1000 },
  );
});

test("sums are exact, or refused where they need more than 38 digits", () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      const sum = a.scaled + b.scaled;
      const digits = sum.toString().replace("-", "").replace(/0+$/, "").length;
      const add = (): string => addNumbers(normaliseNumber(a.text), normaliseNumber(b.text));
      if (digits > 38) expect(add).toThrow("more than 38 significant digits");
      else expect(add()).toBe(normaliseNumber(`${sum}e-60`));
      expect(addNumbers(normaliseNumber(a.text), negateNumber(normaliseNumber(a.text)))).toBe("0");
    }),
    { numRuns: 1000 },
  );
});

test("numbers at the edges sort right", () => {
  const ascending = [
    "-9e125",
    "-1e38",
    "-12",
    "-1.5",
    "-1",
    "-0.999",
    "-1e-130",
    "0",
    "1e-130",
    "0.1",
    "1",
    "1.0000001",
    "9",
    "10",
    "99",
    "100",
    "9e125",
  ];
  const texts = ascending.map((text) => orderedNumber(normaliseNumber(text)));
  expect([...texts].sort()).toEqual(texts);
});
