import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { play, single, startMs } from "./testing.ts";

describe("Wait", () => {
  test.each<{ name: string; state: JsonObject; input: JsonValue; seconds: number }>([
    { name: "Seconds", state: { Seconds: 90 }, input: {}, seconds: 90 },
    { name: "SecondsPath", state: { SecondsPath: "$.s" }, input: { s: 5 }, seconds: 5 },
    { name: "Timestamp", state: { Timestamp: "2026-01-01T10:00:00+00:00" }, input: {}, seconds: 3_600 },
    { name: "TimestampPath in the past", state: { TimestampPath: "$.t" }, input: { t: "2020-01-01T00:00:00Z" }, seconds: 0 },
  ])("$name", ({ state, input, seconds }) => {
    const played = play(single({ Type: "Wait", ...state }), input);
    expect(played.outcome).toEqual({ status: "SUCCEEDED", output: input });
    expect(played.endedMs - startMs).toBe(seconds * 1_000);
  });
});
