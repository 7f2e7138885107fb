import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type Language, unexpectedType } from "./compile-fields.ts";
import { compileSeconds } from "./compile-seconds.ts";
import { queryFailure, runtimeFailure } from "./errors.ts";
import type { WaitState } from "./machine.ts";
import { compileSelection } from "./paths.ts";
import { compileQuery, queryText } from "./templates.ts";
import { parseTimestamp } from "./timestamps.ts";

/** Compiles the end of a Wait state: Seconds, SecondsPath, Timestamp or TimestampPath. */
export function compileWait(state: JsonObject, language: Language): WaitState["untilMs"] {
  if (state.Timestamp !== undefined || state.TimestampPath !== undefined) return compileInstant(state, language);
  const seconds = compileSeconds(state, "Seconds", language, 0);
  return (frame, enteredMs) => enteredMs + (seconds(frame) ?? 0) * 1_000;
}

function compileInstant(state: JsonObject, language: Language): WaitState["untilMs"] {
  const { Timestamp: text, TimestampPath: path } = state;
  if (typeof path === "string") {
    const select = compileSelection(path);
    return (frame) =>
      instant(select(frame), (shown) =>
        runtimeFailure(
          `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} == ${shown}`,
        ),
      );
  }
  const expression = language === "JSONata" ? queryText(String(text)) : undefined;
  if (expression === undefined) {
    const atMs = instant(text as JsonValue, (shown) => new TypeError(`Timestamp is ${shown}, expected an ISO 8601 timestamp`));
    return () => atMs;
  }
  const evaluate = compileQuery(expression, "Timestamp");
  return (frame) => {
    const value = evaluate(frame);
    if (typeof value !== "string") throw queryFailure(unexpectedType(expression, "Timestamp", "string", value), "Timestamp");
    return instant(value, (shown) =>
      queryFailure(
        `The JSONata expression '${expression}' specified for the field 'Timestamp' did not return a valid ISO-8601 extended offset date-time format string: ${shown}`,
        "Timestamp",
      ),
    );
  };
}

function instant(value: JsonValue, failure: (shown: string) => Error): number {
  const atMs = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (atMs === undefined) throw failure(typeof value === "string" ? value : JSON.stringify(value));
  // Step Functions drops the fraction of a second.
  return Math.floor(atMs / 1_000) * 1_000;
}
