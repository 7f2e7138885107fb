import { describe, expect, test } from "vitest";
import { nextInstant, parseSchedule } from "./schedule-expression.ts";

const next = (expression: string, from: string): string | undefined => {
  const atMs = nextInstant(parseSchedule(expression), Date.parse(from));
  return atMs === undefined ? undefined : new Date(atMs).toISOString().slice(0, 16);
};

test.each([
  { expression: "rate(1 minute)", from: "2026-01-01T00:00:30Z", at: "2026-01-01T00:01" },
  { expression: "rate(2 hours)", from: "2026-01-01T00:00Z", at: "2026-01-01T02:00" },
  { expression: "rate(7 days)", from: "2026-01-01T00:00Z", at: "2026-01-08T00:00" },
  { expression: "cron(0 10 * * ? *)", from: "2026-01-01T10:00Z", at: "2026-01-02T10:00" },
  { expression: "cron(15 12 * * ? *)", from: "2026-01-01T12:14:59Z", at: "2026-01-01T12:15" },
  { expression: "cron(0/15 * * * ? *)", from: "2026-01-01T10:50Z", at: "2026-01-01T11:00" },
  { expression: "cron(0/5 8-17 ? * MON-FRI *)", from: "2026-01-02T17:55Z", at: "2026-01-05T08:00" },
  { expression: "cron(0 18 ? * 2-6 *)", from: "2026-01-02T18:00Z", at: "2026-01-05T18:00" },
  { expression: "cron(0 0 L * ? *)", from: "2028-02-01T00:00Z", at: "2028-02-29T00:00" },
  { expression: "cron(0 0 31W * ? *)", from: "2026-01-01T00:00Z", at: "2026-01-30T00:00" },
  { expression: "cron(0 0 1W * ? *)", from: "2026-08-01T00:00Z", at: "2026-08-03T00:00" },
  { expression: "cron(0 0 1W * ? *)", from: "2026-01-31T00:00Z", at: "2026-02-02T00:00" },
  { expression: "cron(0 9 ? * FRI#2 *)", from: "2026-01-01T00:00Z", at: "2026-01-09T09:00" },
  { expression: "cron(0 9 ? * 6L *)", from: "2026-01-01T00:00Z", at: "2026-01-30T09:00" },
  { expression: "cron(0 0 1 JAN,JUL ? 2027-2028)", from: "2026-06-01T00:00Z", at: "2027-01-01T00:00" },
  { expression: "cron(0 0 30 2 ? *)", from: "2026-06-01T00:00Z", at: undefined },
  { expression: "cron(0 0 29 2 ? 2198-2199)", from: "2026-06-01T00:00Z", at: undefined },
  { expression: "cron(0 0 1 1 ? 2199)", from: "2026-06-01T00:00Z", at: "2199-01-01T00:00" },
  { expression: "cron(0 0 1 1 ? 1970-2025)", from: "2026-06-01T00:00Z", at: undefined },
  { expression: "cron(0 0 ? 2 6#5 *)", from: "2026-06-01T00:00Z", at: "2036-02-29T00:00" },
  { expression: "cron(1/59 1/23 1/31 1/12 ? 1970/230)", from: "1970-06-01T00:00Z", at: undefined },
  { expression: "cron(0/59 0/23 ? 1/12 1/7 *)", from: "2026-01-01T00:00Z", at: "2026-01-04T00:00" },
  { expression: "rate(36525 days)", from: "2026-01-01T00:00Z", at: "2126-01-02T00:00" },
])("$expression after $from", ({ expression, from, at }) => expect(next(expression, from)).toBe(at));

describe("refuses", () => {
  test.each([
    "rate(1 minutes)",
    "rate(5 minute)",
    "rate(0 days)",
    "rate(36526 days)",
    "rate(99999999999999999999 days)",
    `rate(${"9".repeat(230)} days)`,
    "every day",
    "cron(* * * * *)",
    "cron(0 0 * * * *)",
    "cron(0 0 ? * ? *)",
    "cron(60 0 * * ? *)",
    "cron(0/0 0 * * ? *)",
    "cron(0/99999999999 * * * ? *)",
    "cron(0/60 * * * ? *)",
    "cron(0 0/24 * * ? *)",
    "cron(0 0 1/32 * ? *)",
    "cron(0 0 ? * 1/8 *)",
    "cron(0 0 1 1/13 ? *)",
    "cron(0 0 1 1 ? 1970/231)",
    "cron(0/1e1 0 * * ? *)",
    "cron(0/0x5 0 * * ? *)",
    "cron(0/5/7 0 * * ? *)",
    "cron(1-5-9 0 * * ? *)",
    "cron(x 0 * * ? *)",
    "cron(0 0 ? * 8 *)",
  ])("%s", (expression) => expect(() => parseSchedule(expression)).toThrow("Parameter ScheduleExpression is not valid."));
});
