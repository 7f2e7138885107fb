/** Order: `^(...)` in a path, and the merge sort that `$sort` shares with it. */
import type { Compiler, Evaluate } from "./compiler.ts";
import { compileFilters } from "./filters.ts";
import type { Frame } from "./frame.ts";
import { leave, type Run, spend } from "./run.ts";
import { type Node, nodeOf, nodesOf } from "./syntax.ts";
import { isList, type List, type Value } from "./values.ts";

interface Term {
  readonly evaluate: Evaluate;
  readonly isDescending: boolean;
}

/** Compiles an order-by step with the predicates that follow it. */
export function compileSort(node: Node, compiler: Compiler): (input: List, frame: Frame) => List {
  const terms = termsOf(node.terms).map(
    ({ expression, descending }): Term => ({ evaluate: compiler.compile(nodeOf(expression)), isDescending: descending === true }),
  );
  const sort: Evaluate = (input, frame) =>
    isList(input) ? mergeSort(frame.run, input, (one, other) => isBehind(terms, one, other, frame)) : leave();
  const evaluate = node.stages === undefined ? sort : compileFilters(node.stages, sort, compiler);
  return (input, frame) => {
    const sorted = evaluate(input, frame);
    return isList(sorted) ? sorted : leave();
  };
}

function termsOf(written: unknown): readonly Omit<Node, "type">[] {
  return Array.isArray(written) ? written.map((term: object) => nodeOf({ type: "term", ...term })) : nodesOf(written);
}

function isBehind(terms: readonly Term[], one: Value, other: Value, frame: Frame): boolean {
  for (const { evaluate, isDescending } of terms) {
    const order = compared(evaluate(one, frame), evaluate(other, frame), isDescending);
    if (order !== 0) return order > 0;
  }
  return false;
}

/** What is nothing comes last, in either direction. */
function compared(one: Value, other: Value, isDescending: boolean): number {
  if (one === undefined || other === undefined) return one === other ? 0 : one === undefined ? 1 : -1;
  const isOrdered = (typeof one === "string" && typeof other === "string") || (typeof one === "number" && typeof other === "number");
  if (!isOrdered) return leave();
  if (one === other) return 0;
  return one < other === isDescending ? 1 : -1;
}

/** Sorts stably. `isAfter` is asked in the order in which the package asks. A list of one stays what it is. */
export function mergeSort(run: Run, list: List, isAfter: (one: Value, other: Value) => boolean): List {
  if (list.length <= 1) return list;
  spend(run, list.length);
  const middle = Math.floor(list.length / 2);
  const [left, right] = [mergeSort(run, list.slice(0, middle), isAfter), mergeSort(run, list.slice(middle), isAfter)];
  const merged: Value[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) merged.push(isAfter(left[i], right[j]) ? right[j++] : left[i++]);
  while (i < left.length) merged.push(left[i++]);
  while (j < right.length) merged.push(right[j++]);
  return merged;
}
