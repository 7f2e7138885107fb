/** What went wrong in a state, and who may handle it. */

import type { JsonObject } from "@serverlesspresso/ports";
import { StateFailure } from "./errors.ts";
import { attemptsOf, entryOf } from "./execution-state.ts";
import type { Frame } from "./frame.ts";
import type { Retrier, State } from "./machine.ts";
import type { Node } from "./node.ts";
import { emit, type Run } from "./run.ts";
import { longestSeconds } from "./timestamps.ts";

/** A failure with its cause in full. */
export interface Fault {
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly alias: string | undefined;
}

/** Makes the cause whole and, for JSONata, writes `EvaluationFailed`. */
export function faultOf(run: Run, node: Node, failure: StateFailure): Fault {
  const prefix = failure.inState
    ? `An error occurred while executing the state '${node.scope.state}' (entered at the event id #${entryOf(node.scope)?.eventId ?? 0}). `
    : "";
  const cause = failure.causeText === undefined ? undefined : prefix + failure.causeText;
  if (failure.location !== undefined) {
    const place = failure.location === "" ? {} : { location: failure.location };
    emit(run, node, "EvaluationFailed", { ...details({ error: failure.error, cause }), ...place, state: node.scope.state });
  }
  return { error: failure.error, cause, alias: failure.alias };
}

/** `error` and `cause` as history events carry them: absent where there is none. */
export function details({ error, cause }: { readonly error: string | undefined; readonly cause: string | undefined }): JsonObject {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}

/** What a Catcher gets: the error output. A timeout has no cause, and AWS says so with an empty text. */
export function errorOutput({ error, cause }: Fault): JsonObject {
  return { Error: error ?? null, Cause: cause ?? (error === "States.Timeout" ? "" : null) };
}

/** Whether the failure ends the whole execution where it stands: nobody handles it, and nothing around it has an event of its own. */
export function isFatal({ error }: { readonly error: string | undefined }): boolean {
  return error === "States.Runtime";
}

/** True where one of `names` stands for the fault. */
export function matches(names: readonly string[], { error, alias }: Fault): boolean {
  if (isFatal({ error })) return false;
  return names.some((name) => {
    if (name === "States.ALL") return true;
    if (name === "States.TaskFailed") return error !== "States.Timeout";
    return name === error || name === alias;
  });
}

/** The retrier that takes the fault, where it has attempts left. The first whose names fit is the only one asked. */
export function retrierFor(state: State, node: Node, fault: Fault): { readonly retrier: Retrier; readonly at: number } | undefined {
  const at = state.retry.findIndex(({ errors }) => matches(errors, fault));
  const retrier = state.retry[at];
  return retrier && (attemptsOf(node.scope)[at] ?? 0) < retrier.maxAttempts ? { retrier, at } : undefined;
}

/** Milliseconds before the next attempt, after `attempts` by this retrier. */
export function delayMs(retrier: Retrier, attempts: number, frame: Frame): number {
  const full = Math.min(
    retrier.intervalSeconds * retrier.backoffRate ** attempts,
    retrier.maxDelaySeconds ?? Number.POSITIVE_INFINITY,
    longestSeconds,
  );
  return Math.round((retrier.fullJitter ? frame.env.random() * full : full) * 1_000);
}

/** `name`: the state, or what a task called. */
export function tooLarge(name: string): StateFailure {
  return new StateFailure(
    "States.DataLimitExceeded",
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
