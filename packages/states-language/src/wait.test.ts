import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import type { Environment } from "./decision.ts";
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

const longest = 99_999_999;
/** Expressions here are numbers. */
const env: Partial<Environment> = { evaluate: (expression) => ({ kind: "value", value: Number(expression) }) };
describe("seconds from data are bounded and rounded where they are read", () => {
  const query = (seconds: string): JsonObject => ({ Type: "Wait", QueryLanguage: "JSONata", Seconds: `{% ${seconds} %}` });
  test.each<{ name: string; state: JsonObject; input?: JsonValue; waitsMs: number }>([
    { name: "a fraction", state: query("2.6"), waitsMs: 3_000 },
    { name: "less than half a second", state: query("0.2"), waitsMs: 0 },
    { name: "the longest", state: query(`${longest}`), waitsMs: longest * 1_000 },
    { name: "the longest by path", state: { Type: "Wait", SecondsPath: "$.s" }, input: { s: longest }, waitsMs: longest * 1_000 },
    { name: "a timestamp's fraction", state: { Type: "Wait", Timestamp: "2026-01-01T09:00:07.9Z" }, waitsMs: 7_000 },
  ])("$name", ({ state, input = {}, waitsMs }) => {
    const played = play(single(state), input, { env });
    expect([played.outcome?.status, played.endedMs - startMs]).toEqual(["SUCCEEDED", waitsMs]);
  });

  const task = (fields: JsonObject): JsonObject => ({ Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", ...fields });
  test.each<{ name: string; state: JsonObject; input?: JsonValue }>([
    { name: "Seconds beyond the longest", state: query(`${longest + 1}`) },
    { name: "Seconds of 1e308", state: query("1e308") },
    { name: "Seconds below zero", state: query("-1") },
    { name: "SecondsPath", state: { Type: "Wait", SecondsPath: "$.s" }, input: { s: 1e308 } },
    { name: "SecondsPath as text", state: { Type: "Wait", SecondsPath: "$.s" }, input: { s: "9".repeat(400) } },
    { name: "TimeoutSeconds", state: task({ QueryLanguage: "JSONata", TimeoutSeconds: "{% 1e20 %}" }) },
    { name: "TimeoutSecondsPath", state: task({ TimeoutSecondsPath: "$.s" }), input: { s: 1e20 } },
    { name: "HeartbeatSeconds", state: task({ QueryLanguage: "JSONata", HeartbeatSeconds: "{% 1e20 %}" }) },
    { name: "HeartbeatSecondsPath", state: task({ HeartbeatSecondsPath: "$.s" }), input: { s: 1e20 } },
  ])("States.Runtime: $name", ({ state, input = {} }) => {
    expect(play(single(state), input, { env }).outcome).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  });
});
