/** Checks Retry and Catch. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { objects } from "../compile-fields.ts";
import { longestSeconds } from "../timestamps.ts";
import { type Language, type Report, schema } from "./report.ts";
import { anything, assign, type Check, number, oneOf, resultPath, template, text } from "./values.ts";

const retrierFields: Readonly<Record<string, Check>> = {
  ErrorEquals: anything,
  Comment: anything,
  IntervalSeconds: number({ from: 1, to: longestSeconds }),
  MaxAttempts: number({ from: 0, to: 99_999_999 }),
  BackoffRate: number({ from: 1, real: true }),
  MaxDelaySeconds: number({ from: 1, to: 31_622_400 }),
  JitterStrategy: oneOf("FULL", "NONE"),
};
const catcherFields: Readonly<Record<string, Check>> = {
  ErrorEquals: anything,
  Comment: anything,
  Next: text,
  ResultPath: resultPath,
  Assign: assign,
  Output: template,
};

/** Reports problems in the `Retry` and `Catch` of a state. */
export function checkHandlers(report: Report, state: JsonObject, location: string, language: Language): void {
  checkEach(report, state.Retry, `${location}/Retry`, language, retrierFields, []);
  checkEach(report, state.Catch, `${location}/Catch`, language, catcherFields, ["Next"]);
}

function checkEach(
  report: Report,
  handlers: JsonValue | undefined,
  location: string,
  language: Language,
  fields: Readonly<Record<string, Check>>,
  required: readonly string[],
): void {
  const all = objects(handlers);
  for (const [i, handler] of all.entries()) {
    const at = `${location}[${i}]`;
    const missing = ["ErrorEquals", ...required].filter((name) => handler[name] === undefined);
    if (missing.length > 0) schema(report, `These fields are required: [${missing.join(", ")}]`, at);
    else checkErrors(report, handler.ErrorEquals as JsonValue, `${at}/ErrorEquals`, i === all.length - 1);
    for (const [name, value] of Object.entries(handler)) {
      const check = fields[name];
      if (check) check(report, value, { location: `${at}/${name}`, language, inCatch: true });
      else schema(report, `Field '${name}' is not supported`, at);
    }
  }
}

function checkErrors(report: Report, errors: JsonValue, location: string, isLast: boolean): void {
  if (!Array.isArray(errors) || !errors.every((name) => typeof name === "string")) {
    schema(report, "Expected value of type [ARRAY]", location);
    return;
  }
  if (errors.length === 0) {
    schema(report, "Array must contain at least 1 item", location);
    return;
  }
  if (errors.includes("States.ALL") && (errors.length > 1 || !isLast)) {
    schema(report, "'States.ALL' can only appear alone and in the last element of the array", location);
  }
}
