/**
 * Limits the work that the expressions of one decision may do.
 *
 * B1. Each value read, compared or copied is a step, and so are 64 compared or 16 written characters of text. Work is counted in steps, not in time,
 *     so that a replay decides the same.
 * B2. One expression, with all that share its frame, takes at most `mostSteps`; then the state fails with `States.Runtime`.
 * B3. After `enoughSteps` a decision enters no further state, and another decision continues; the work of one state takes at most `mostOfDecision`.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { runtimeFailure } from "./errors.ts";

/** An evaluation exceeded its budget. */
export class PathLimitError extends Error {
  override readonly name = "PathLimitError";
}

/** The steps of a decision so far. */
export interface Work {
  done: number;
}
/** The steps that an expression may still take. */
export interface Budget {
  left: number;
  readonly work: Work;
}

const mostSteps = 300_000;
const mostOfDecision = 600_000;
/** B3. */
export const enoughSteps = 150_000;

/** Returns a budget for an expression; its steps also count for the decision, if given. */
export function newBudget(work: Work = { done: 0 }): Budget {
  return { left: mostSteps, work };
}

/** Takes steps from a budget. @throws {PathLimitError} if it is used up */
export function spend(budget: Budget, steps = 1): void {
  budget.left -= steps;
  budget.work.done += steps;
  if (budget.left < 0 || budget.work.done > mostOfDecision) throw new PathLimitError("the expression visits too many values");
}

/** Takes the steps for the members of an object; each costs more if they are many. */
export function spendMembers(budget: Budget, count: number): void {
  spend(budget, count > 100 ? count * 8 : count);
}

/** Runs an expression of a state. @throws {StateFailure} `States.Runtime` if it exceeds its budget */
export function guarded<T>(evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    throw error instanceof PathLimitError ? runtimeFailure(error.message) : error;
  }
}

/** Takes the steps for a text that is compared or searched. */
export function spendCompared(budget: Budget, characters: number): void {
  spend(budget, 1 + (characters >> 6));
}

/** Takes the steps for a text that is written. */
export function spendWritten(budget: Budget, characters: number): void {
  spend(budget, 1 + (characters >> 4));
}

/** Returns the JSON text of a value. Values may share parts, so the text can be far larger than the value. @throws {PathLimitError} */
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
