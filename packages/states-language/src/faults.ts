/** Failures in a state, and the retrier or catcher that handles them. */

import type { JsonObject } from "@serverlesspresso/ports";
import { StateFailure } from "./errors.ts";
import { attemptsOf, entryOf } from "./execution-state.ts";
import type { Frame } from "./frame.ts";
import type { Retrier, State } from "./machine.ts";
import type { Node } from "./node.ts";
import { emit, type Run } from "./run.ts";
import { longestSeconds } from "./timestamps.ts";

/** A failure with its full cause. `alias` is a second name by which retriers and catchers may match it. */
export interface Fault {
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly alias: string | undefined;
}

/** Returns the failure with its full cause. A failure of an expression also adds the history event `EvaluationFailed`. */
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

/** Returns `error` and `cause` as history events carry them: an undefined member is left out. */
export function details({ error, cause }: { readonly error: string | undefined; readonly cause: string | undefined }): JsonObject {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}

/** Returns the error output that a catcher receives. A timeout has no cause; AWS gives an empty text for it. */
export function errorOutput({ error, cause }: Fault): JsonObject {
  return { Error: error ?? null, Cause: cause ?? (error === "States.Timeout" ? "" : null) };
}

/** Returns true if the failure ends the whole execution at once: no retrier or catcher handles it, and enclosing states add no event. */
export function isFatal({ error }: { readonly error: string | undefined }): boolean {
  return error === "States.Runtime";
}

/** Returns true if one of `names` (an `ErrorEquals`) matches the fault. */
export function matches(names: readonly string[], { error, alias }: Fault): boolean {
  if (isFatal({ error })) return false;
  return names.some((name) => {
    if (name === "States.ALL") return true;
    if (name === "States.TaskFailed") return error !== "States.Timeout";
    return name === error || name === alias;
  });
}

/** Returns the retrier of the fault; undefined if it has no attempts left. Only the first whose names match counts. */
export function retrierFor(state: State, node: Node, fault: Fault): { readonly retrier: Retrier; readonly at: number } | undefined {
  const at = state.retry.findIndex(({ errors }) => matches(errors, fault));
  const retrier = state.retry[at];
  return retrier && (attemptsOf(node.scope)[at] ?? 0) < retrier.maxAttempts ? { retrier, at } : undefined;
}

/** Returns the delay before the next attempt, in milliseconds, after `attempts` attempts by this retrier. */
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
