/** Laws of the price list and of a bill. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AppSizes } from "./app-sizes.ts";
import { billOf, type Counted } from "./bill.ts";
import { usageOf } from "./billing.ts";
import { usualDeployment } from "./deployment.ts";
import { monthlyCost, priceList, priceNames, sum, times } from "./prices.ts";

const name = fc.constantFrom(...priceNames);
const amount = fc.double({ min: 0, max: 1e12, noNaN: true });
const apps: AppSizes = { files: 20, bytes: 40_000, measured: true };
const counted: Counted = {
  journeys: [
    { counts: { "states/OrderProcessorWorkflow": 10, "http/spendToken": 1, "http/signInAsGuest": 1, "iot.publish/admin": 7 }, share: 1 },
  ],
  window: { "http/getCode": 1 },
  configChange: { "http/putConfig": 1 },
};
const bill = (guests: number, withFree = false) => billOf(counted, guests, usualDeployment, apps, { withFree });

describe("the price list", () => {
  test("is dated, and every line names its source and rising, then endless tiers", () => {
    expect(priceList.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const each of priceNames) {
      const { tiers, source, unit, free } = priceList.prices[each];
      expect({ each, source, unit }).toEqual({ each, source: expect.stringMatching(/\w+\.\w+/), unit: expect.stringMatching(/\w/) });
      expect(free).toBeGreaterThanOrEqual(0);
      const ends = tiers.map(({ upTo }) => upTo ?? Number.POSITIVE_INFINITY);
      expect(ends).toEqual(ends.toSorted((a, b) => a - b));
      expect(ends.at(-1)).toBe(Number.POSITIVE_INFINITY);
    }
  });

  test("more never costs less, nothing costs nothing, and what is free only takes off (C2)", () => {
    fc.assert(
      fc.property(name, amount, amount, (name, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(monthlyCost(name, 0, { withFree: false })).toBe(0);
        expect(monthlyCost(name, more, { withFree: false })).toBeGreaterThanOrEqual(monthlyCost(name, less, { withFree: false }));
        expect(monthlyCost(name, a, { withFree: true })).toBeLessThanOrEqual(monthlyCost(name, a, { withFree: false }));
      }),
    );
  });

  test("each tier for its own part, after what is free (C1)", () => {
    const million = 1_000_000;
    expect(monthlyCost("sfn.transition", 5_000, { withFree: true })).toBeCloseTo(0.025);
    expect(monthlyCost("cognito.activeUser", million, { withFree: true })).toBeCloseTo(100_000 * 0.0055 + 890_000 * 0.0046);
    expect(monthlyCost("iot.message", 6_000 * million, { withFree: false })).toBeCloseTo(1_000 + 4_000 * 0.8 + 1_000 * 0.7);
  });
});

describe("a bill", () => {
  test("of a day without guests is the fixed part alone", () => {
    for (const withFree of [true, false]) expect(bill(0, withFree).usd).toBeCloseTo(bill(0, withFree).fixedUsd, 10);
    expect(bill(0).fixedUsd).toBeGreaterThan(0.1);
  });

  test("rises with the guests, and for each of them not faster", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 1_000 }), (thousands, more) => {
        const [small, large] = [bill(thousands * 1_000), bill((thousands + more) * 1_000)];
        expect(large.usd).toBeGreaterThan(small.usd);
        expect(large.usd / large.guests).toBeLessThanOrEqual(small.usd / small.guests);
      }),
    );
  });

  test("is the sum of its lines, and its fixed part the same for any guests", () => {
    const { lines, usd, fixedUsd } = bill(10_000);
    expect(lines.reduce((total, line) => total + line.usd, 0)).toBeCloseTo(usd, 10);
    expect(fixedUsd).toBeCloseTo(bill(1_000_000).fixedUsd, 10);
  });
});

test("usages add up and multiply line by line", () => {
  expect(sum({ "lambda.request": 1 }, { "lambda.request": 2, "sqs.request": 1 })).toEqual({ "lambda.request": 3, "sqs.request": 1 });
  expect(times({ "lambda.request": 3 }, 2)).toEqual({ "lambda.request": 6 });
});

test.each([
  { name: "a kind of operation", counts: { "sns.publish/Topic": 1 }, words: /"sns\.publish" has no price/ },
  { name: "a function", counts: { "lambda/Roast": 1 }, words: /function "Roast"/ },
  { name: "a route", counts: { "http/roastBeans": 1 }, words: /"roastBeans" is no route/ },
  { name: "a topic", counts: { "iot.publish/roasters": 1 }, words: /topic "roasters"/ },
])("$name without a price is refused (B1)", ({ counts, words }) => {
  expect(() => usageOf(counts as unknown as Record<string, number>, usualDeployment)).toThrow(words);
});
