/**
 * JSONata in this process: at once, and only as much as its budget allows.
 *
 * Q1. What it answers, the package `jsonata` would answer. `differences.test.ts` compares them over generated expressions and inputs.
 * Q2. It answers values alone. Where the package would throw, where the answer is a function, where the budget ends, and for all that it does not know
 *     (regular expressions, tuples, transformers), it gives no answer: the thread evaluates the expression from the beginning.
 * Q3. Each node evaluated, each member visited, 16 characters read or written are a step; one evaluation takes at most `mostSteps`, about a
 *     millisecond, and all of one turn of the loop at most `mostOfTurn`. Lambdas call each other 50 deep, values are walked 100 levels deep.
 * Q4. No text becomes code. A member is one of its object's own, never one of a prototype.
 * Q5. Variables are read, never changed; an answer may share parts with them.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { compileTree } from "./compile.ts";
import type { Evaluate } from "./compiler.ts";
import { resultOf } from "./result.ts";
import { Beyond, type Run } from "./run.ts";
import { NotBounded, parse } from "./syntax.ts";

/** The steps of one evaluation (Q3). */
export const mostSteps = 20_000;

/** What an expression comes to, and how many steps that took; without a value, the evaluation is for the thread (Q2). */
export type Answer =
  | { readonly kind: "value"; readonly value: JsonValue | undefined; readonly steps: number }
  | { readonly kind: "thread"; readonly steps: number };

/** A compiled expression. */
export type Query = (variables: JsonObject, nowMs: () => number) => Answer;

/** Compiles an expression; undefined if all of its evaluations are for the thread (Q2). */
export function compileQuery(expression: string): Query | undefined {
  const evaluate = compiled(expression);
  if (evaluate === undefined) return undefined;
  return (variables, nowMs) => {
    const run = newRun(variables, nowMs);
    try {
      const value = resultOf(run, evaluate(undefined, { run, outer: undefined, bound: undefined }));
      return { kind: "value", value, steps: mostSteps - run.left };
    } catch (error) {
      // Deep calls may exhaust the stack before the budget.
      if (!(error instanceof Beyond || error instanceof RangeError)) throw error;
      return { kind: "thread", steps: mostSteps - Math.max(0, run.left) };
    }
  };
}

function compiled(expression: string): Evaluate | undefined {
  try {
    return compileTree(parse(expression));
  } catch (error) {
    if (error instanceof NotBounded) return undefined;
    throw error;
  }
}

function newRun(variables: JsonObject, nowMs: () => number): Run {
  let atMs: number | undefined;
  return { left: mostSteps, calls: 0, variables, nowMs: () => (atMs ??= nowMs()) };
}
