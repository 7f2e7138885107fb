import { expect, test } from "vitest";
import { shopDay } from "./shop-day.ts";

test.each([
  { at: "2026-11-22T23:30:00Z", timeZone: "UTC", day: "2026-11-22" },
  { at: "2026-11-22T23:30:00Z", timeZone: "Europe/Berlin", day: "2026-11-23" },
  { at: "2026-11-23T02:59:59Z", timeZone: "America/Sao_Paulo", day: "2026-11-22" },
  // The night in which Lisbon's clocks go back has 25 hours; both of its hours from 1 to 2 are of the same day.
  { at: "2026-10-25T00:30:00Z", timeZone: "Europe/Lisbon", day: "2026-10-25" },
  { at: "2026-10-25T01:30:00Z", timeZone: "Europe/Lisbon", day: "2026-10-25" },
  { at: "2026-10-25T23:59:59Z", timeZone: "Europe/Lisbon", day: "2026-10-25" },
  { at: "2026-10-26T00:00:00Z", timeZone: "Europe/Lisbon", day: "2026-10-26" },
  // The night in which they go forward has 23.
  { at: "2026-03-29T00:59:59Z", timeZone: "Europe/Lisbon", day: "2026-03-29" },
  { at: "2026-03-29T01:00:00Z", timeZone: "Europe/Lisbon", day: "2026-03-29" },
  { at: "2026-03-29T22:59:59Z", timeZone: "Europe/Lisbon", day: "2026-03-29" },
  { at: "2026-03-29T23:00:00Z", timeZone: "Europe/Lisbon", day: "2026-03-30" },
])("$at in $timeZone is $day", ({ at, timeZone, day }) => {
  expect(shopDay(Date.parse(at), timeZone)).toBe(day);
});
