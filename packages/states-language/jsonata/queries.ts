/**
 * The compiled expressions of a process, and what they may do in one turn of its loop.
 *
 * QS1. An expression is compiled once; the oldest is forgotten when there are more than `mostKept`.
 * QS2. Evaluations and compilations of one turn of the loop take at most `mostOfTurn` steps together; what comes then is for the thread.
 * QS3. An expression that was for the thread is tried here more and more rarely, until it is answered again: what it did in vain cost a millisecond.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type Answer, compileQuery, mostSteps, type Query } from "./bounded.ts";
import { longestText } from "./syntax.ts";

interface Kept {
  readonly query: Query | undefined;
  /** How often it was left to the thread, one time after the other. */
  misses: number;
  /** How many evaluations are left to the thread untried. */
  untried: number;
}

/** A value, as the evaluator returns it. */
export interface Answered {
  readonly kind: "value";
  readonly value: JsonValue | undefined;
  readonly work?: number;
}

const mostKept = 2_000;
/** About 10 ms. */
const mostOfTurn = 10 * mostSteps;
/** What compiling a character counts. */
const stepsPerCharacter = 10;
const mostUntried = 64;
const manySteps = 1_000;

/** Returns a function that evaluates in this process; it returns undefined for what is for the thread. */
export function createQueries(nowMs: () => number): (expression: string, variables: JsonObject) => Answered | undefined {
  const all = new Map<string, Kept>();
  let done = 0;

  function spendTurn(steps: number): void {
    if (done === 0) setImmediate(() => void (done = 0)).unref();
    done += steps;
  }

  function keep(expression: string): Kept {
    spendTurn(expression.length * stepsPerCharacter);
    const kept: Kept = { query: compileQuery(expression), misses: 0, untried: 0 };
    for (const oldest of all.keys()) {
      if (all.size < mostKept) break;
      all.delete(oldest);
    }
    all.set(expression, kept);
    return kept;
  }

  /** A fault of this evaluator is for the thread as well: its answer is right in any case. */
  function tried(query: Query, variables: JsonObject): Answer {
    try {
      return query(variables, nowMs);
    } catch {
      return { kind: "thread", steps: mostSteps };
    }
  }

  return (expression, variables) => {
    if (expression.length > longestText || done >= mostOfTurn) return undefined;
    const kept = all.get(expression) ?? keep(expression);
    if (kept.query === undefined) return undefined;
    if (kept.untried > 0) {
      kept.untried--;
      return undefined;
    }
    const answer = tried(kept.query, variables);
    spendTurn(answer.steps);
    if (answer.kind === "thread") {
      kept.misses++;
      kept.untried = Math.min(2 ** kept.misses, mostUntried);
      return undefined;
    }
    kept.misses = 0;
    const { kind, value, steps } = answer;
    return steps >= manySteps ? { kind, value, work: steps } : { kind, value };
  };
}
