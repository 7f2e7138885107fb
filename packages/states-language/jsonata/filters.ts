/** Predicates: `[...]` after a step or any other expression. */
import type { Compiler, Evaluate } from "./compiler.ts";
import type { Frame } from "./frame.ts";
import { leave, spend } from "./run.ts";
import { NotBounded, nodeOf, nodesOf } from "./syntax.ts";
import { booleanOf, isList, isNumbers, isNumeric, type List, noFunction, sequence, sequenceOf, type Value } from "./values.ts";

/** Compiles the predicates that follow an expression; `written` is their list in the syntax tree. */
export function compileFilters(written: unknown, evaluate: Evaluate, compiler: Compiler): Evaluate {
  const filters = nodesOf(written).map(({ type, expr }) => {
    if (type !== "filter") throw new NotBounded("another stage");
    return compileFilter(nodeOf(expr), compiler);
  });
  return (input, frame) => {
    let value = evaluate(input, frame);
    for (const filter of filters) value = filter(noFunction(value), frame);
    return value;
  };
}

function compileFilter(predicate: ReturnType<typeof nodeOf>, { compile }: Compiler): Evaluate {
  const { type, value } = predicate;
  if (type === "number" && typeof value === "number") return (input) => memberAt(asList(input), Math.floor(value));
  const holds = compile(predicate);
  return (input, frame) => {
    const list = asList(input);
    const found = sequence();
    spend(frame.run, list.length);
    for (const [index, item] of list.entries()) {
      const times = timesChosen(frame, noFunction(holds(item, frame)), index, list.length);
      for (let time = 0; time < times; time++) found.push(item);
    }
    return found;
  };
}

function asList(input: Value): List {
  return isList(input) ? input : sequenceOf(input);
}

function memberAt(list: List, index: number): Value {
  const item = list.at(index < 0 && -index > list.length ? list.length : index);
  if (item === undefined) return sequence();
  return isList(item) ? item : sequenceOf(item);
}

/** Returns how often a predicate's value chooses the member: numbers are indexes, from the end if negative; all else is true or false. */
function timesChosen({ run }: Frame, value: Value, index: number, length: number): number {
  if (isNumeric(value)) return isAt(value, index, length) ? 1 : 0;
  if (!isNumbers(value)) return booleanOf(run, value) === true ? 1 : 0;
  spend(run, value.length);
  return value.filter((each) => (typeof each === "number" ? isAt(each, index, length) : leave())).length;
}

function isAt(at: number, index: number, length: number): boolean {
  const whole = Math.floor(at);
  return (whole < 0 ? length + whole : whole) === index;
}
