import type { JsonObject } from "@serverlesspresso/ports";
import { compileAmount, type Language } from "./compile-fields.ts";
import { runtimeFailure } from "./errors.ts";
import type { Amount } from "./machine.ts";
import { longestSeconds } from "./timestamps.ts";

/**
 * Compiles seconds in the field `name`, or by `namePath` (JSONPath) or expression (JSONata): whole, from `from` to `longestSeconds`.
 * A fraction, which only an expression can give, is rounded. A value out of range ends the execution with `States.Runtime`.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
 */
export function compileSeconds(state: JsonObject, name: string, language: Language, from: 0 | 1): Amount {
  const amount = compileAmount(state, name, language);
  return (frame) => {
    const given = amount(frame);
    if (given === undefined) return undefined;
    const seconds = Math.round(given);
    if (seconds >= from && seconds <= longestSeconds) return seconds;
    throw runtimeFailure(`The field '${name}' is ${given} seconds, expected a whole number from ${from} to ${longestSeconds}`);
  };
}
