/** One evaluation under way: its budget and what it was given. */
import type { JsonObject } from "@serverlesspresso/ports";

/** Ends an evaluation that is not for this evaluator (Q2): the thread repeats it from the beginning. */
export class Beyond extends Error {
  override readonly name = "Beyond";
}

// One for all: an evaluation that ends so is repeated, no report says where it ended.
const beyond = new Beyond("this evaluation is for the thread");

/** Ends the evaluation in this process (Q2). @throws {Beyond} always */
export function leave(): never {
  throw beyond;
}

/** What an evaluation may still do, and what it was given. */
export interface Run {
  /** The steps it may still take (Q3). */
  left: number;
  /** How many lambdas call each other at the moment. */
  calls: number;
  readonly variables: JsonObject;
  /** Returns the time of the evaluation, always the same. */
  nowMs(): number;
}

/** Takes steps from the budget (Q3). @throws {Beyond} if it is used up */
export function spend(run: Run, steps: number): void {
  run.left -= steps;
  // NaN, of a length that is no number, ends it as well.
  if (!(run.left >= 0)) leave();
}

/** Takes the steps for a text that is read or written. */
export function spendText(run: Run, characters: number): void {
  spend(run, 1 + (characters >> 4));
}
