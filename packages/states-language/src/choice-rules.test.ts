import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { play } from "./testing.ts";
import { parseTimestamp } from "./timestamps.ts";

function chosen(rule: JsonObject, input: JsonValue): string {
  const states = {
    Choose: { Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No" },
    Yes: { Type: "Pass", Result: "yes", End: true },
    No: { Type: "Pass", Result: "no", End: true },
  };
  const { outcome } = play({ StartAt: "Choose", States: states }, input);
  return outcome?.status === "SUCCEEDED" ? String(outcome.output) : `${outcome?.status === "FAILED" && outcome.error}`;
}

describe("comparisons", () => {
  test.each<[string, JsonValue, JsonValue, string]>([
    ["StringEquals", "a", "a", "yes"],
    ["StringEquals", 1, "1", "no"],
    ["StringLessThan", "a", "b", "yes"],
    ["StringGreaterThan", "b", "a", "yes"],
    ["StringLessThanEquals", "a", "a", "yes"],
    ["StringGreaterThanEquals", "a", "b", "no"],
    ["NumericEquals", 1, 1.0, "yes"],
    ["NumericEquals", "1", 1, "no"],
    ["NumericLessThan", 1, 2, "yes"],
    ["NumericGreaterThan", 2, 2, "no"],
    ["NumericLessThanEquals", 2, 2, "yes"],
    ["NumericGreaterThanEquals", -1, -2, "yes"],
    ["BooleanEquals", false, false, "yes"],
    ["BooleanEquals", "true", true, "no"],
    ["TimestampEquals", "2026-01-01T10:00:00+01:00", "2026-01-01T09:00:00Z", "yes"],
    ["TimestampLessThan", "2026-01-01T09:00:00.001Z", "2026-01-01T09:00:00.002Z", "yes"],
    ["TimestampGreaterThan", "no time", "2026-01-01T09:00:00Z", "no"],
    ["StringMatches", "order-17.json", "order-*.json", "yes"],
    ["StringMatches", "order-17.xml", "order-*.json", "no"],
    ["StringMatches", "a*c", "a\\*c", "yes"],
    ["StringMatches", "abc", "a\\*c", "no"],
    ["StringMatches", "aba", "ab*ba", "no"],
    ["StringMatches", "", "*", "yes"],
    ["IsNull", null, true, "yes"],
    ["IsNull", 0, false, "yes"],
    ["IsNumeric", 0, true, "yes"],
    ["IsString", "", true, "yes"],
    ["IsBoolean", "true", false, "yes"],
    ["IsTimestamp", "2026-01-01T09:00:00Z", true, "yes"],
    ["IsTimestamp", "2026-01-01", true, "no"],
    ["IsPresent", null, true, "yes"],
  ])("%s of %j and %j: %s", (operator, value, against, which) => {
    expect(chosen({ Variable: "$.value", [operator]: against }, { value })).toBe(which);
    const byPath = operator.replace(/Equals$|Than$/, (end) => `${end}Path`);
    if (byPath !== operator) expect(chosen({ Variable: "$.value", [byPath]: "$.against" }, { value, against })).toBe(which);
  });
});

describe("combinations and absence", () => {
  const big = { Variable: "$.n", NumericGreaterThan: 10 };
  const even = { Variable: "$.even", BooleanEquals: true };
  test.each<{ name: string; rule: JsonObject; input: JsonValue; which: string }>([
    { name: "And needs all", rule: { And: [big, even] }, input: { n: 12, even: false }, which: "no" },
    { name: "Or needs one", rule: { Or: [big, even] }, input: { n: 12, even: false }, which: "yes" },
    { name: "Not turns it round", rule: { Not: { And: [big, even] } }, input: { n: 12, even: false }, which: "yes" },
    { name: "And stops at the first that fails", rule: { And: [{ Variable: "$.n", IsPresent: true }, big] }, input: {}, which: "no" },
    { name: "a missing variable fails the execution", rule: big, input: {}, which: "States.Runtime" },
    { name: "IsPresent false holds for a missing variable", rule: { Variable: "$.n", IsPresent: false }, input: {}, which: "yes" },
  ])("$name", ({ rule, input, which }) => expect(chosen(rule, input)).toBe(which));
});

describe("timestamps", () => {
  test.each([
    { text: "2024-02-29T00:00:00Z", isOne: true },
    { text: "2023-02-29T00:00:00Z", isOne: false },
    { text: "2026-04-31T00:00:00Z", isOne: false },
    { text: "2026-01-01T24:00:00Z", isOne: false },
    { text: "2026-01-01t00:00:00Z", isOne: false },
    { text: "2026-01-01T00:00:00", isOne: false },
    { text: "2026-01-01T00:00:00.123456789-05:30", isOne: true },
  ])("$text", ({ text, isOne }) => expect(parseTimestamp(text) !== undefined).toBe(isOne));
});
