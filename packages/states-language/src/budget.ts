/**
 * How much work the expressions of one decision may do.
 *
 * B1. Every value looked at, compared or copied is a step, as are 64 characters of text compared and 16 written: steps, not time, so that a replay decides the same.
 * B2. One expression, and all that share its frame, take at most `mostSteps`; then the state fails with `States.Runtime`.
 * B3. A decision enters no further state after `enoughSteps`, but goes on in another turn; within one state's work it takes at most `mostOfDecision`.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { runtimeFailure } from "./errors.ts";

/** Thrown where an evaluation passes its bounds. */
export class PathLimitError extends Error {
  override readonly name = "PathLimitError";
}

/** What a decision has done so far. */
export interface Work {
  done: number;
}
/** What an expression may still do. */
export interface Budget {
  left: number;
  readonly work: Work;
}

const mostSteps = 300_000;
const mostOfDecision = 600_000;
/** B3. */
export const enoughSteps = 150_000;

/** A budget that counts towards a decision's work; without one, on its own. */
export function newBudget(work: Work = { done: 0 }): Budget {
  return { left: mostSteps, work };
}

/** @throws {PathLimitError} where nothing is left */
export function spend(budget: Budget, steps = 1): void {
  budget.left -= steps;
  budget.work.done += steps;
  if (budget.left < 0 || budget.work.done > mostOfDecision) throw new PathLimitError("the expression visits too many values");
}

/** For the members of an object, which cost more where they are many. */
export function spendMembers(budget: Budget, count: number): void {
  spend(budget, count > 100 ? count * 8 : count);
}

/** Runs an expression of a state: passing its bounds is a failure of the state. */
export function guarded<T>(evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    throw error instanceof PathLimitError ? runtimeFailure(error.message) : error;
  }
}

/** For texts that are compared or searched. */
export function spendCompared(budget: Budget, characters: number): void {
  spend(budget, 1 + (characters >> 6));
}

/** For texts that are made. */
export function spendWritten(budget: Budget, characters: number): void {
  spend(budget, 1 + (characters >> 4));
}

/** The JSON of a value, which may be far larger than what holds it: parts can be shared. @throws {PathLimitError} */
export function jsonWithin(budget: Budget, value: JsonValue): string {
  spendWalk(budget, value);
  return JSON.stringify(value);
}

function spendWalk(budget: Budget, value: JsonValue): void {
  if (typeof value === "string") spendWritten(budget, value.length);
  else spend(budget);
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const each of value as readonly JsonValue[]) spendWalk(budget, each);
  else {
    for (const [name, each] of Object.entries(value)) {
      spendWritten(budget, name.length);
      spendWalk(budget, each);
    }
  }
}
