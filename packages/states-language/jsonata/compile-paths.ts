/** Paths: steps over sequences, wildcards, order-by. */

import { compileGroup } from "./compile-groups.ts";
import type { Compiler, Evaluate } from "./compiler.ts";
import { compileFilters } from "./filters.ts";
import type { Frame } from "./frame.ts";
import { leave, type Run, spend } from "./run.ts";
import { compileSort } from "./sorting.ts";
import { type Node, nodesOf, textOf } from "./syntax.ts";
import {
  isDict,
  isList,
  type List,
  lookup,
  type MadeList,
  mostLevels,
  noFunction,
  pushAll,
  sequence,
  sequenceOf,
  type Value,
} from "./values.ts";

/** Returns what follows from a sequence; undefined if its end is nothing. */
type Step = (input: List, frame: Frame) => List | undefined;

/** Compiles a path. */
export function compilePath({ steps: written, keepSingletonArray, group }: Node, compiler: Compiler): Evaluate {
  const nodes = nodesOf(written);
  const steps = nodes.map((node, i) => compileStep(node, i, nodes.length - 1, compiler));
  const isAbsolute = nodes[0]?.type === "variable";
  const walk: Evaluate = (input, frame) => {
    let at: List = isList(input) && !isAbsolute ? input : sequenceOf(input);
    for (const step of steps) {
      const next = step(at, frame);
      if (next === undefined) return keepSingletonArray === true ? leave() : undefined;
      at = next;
      if (at.length === 0) break;
    }
    return keepSingletonArray === true ? marked(at) : at;
  };
  return group === undefined ? walk : compileGroup(group, walk, compiler);
}

/** Marks the sequence as one that stays a list. What is no sequence stays one anyway. */
function marked(list: List): List {
  if (list.sequence !== true && list.cons !== true) return list;
  const isMade = list.sequence === true;
  const copy: MadeList = isMade ? [...list] : [list];
  copy.sequence = true;
  copy.keepSingleton = true;
  return copy;
}

function compileStep(node: Node, index: number, last: number, compiler: Compiler): Step {
  if (node.type === "sort") return compileSort(node, compiler);
  const bare = compiler.compile(node);
  const evaluate = node.stages === undefined ? bare : compileFilters(node.stages, bare, compiler);
  if (index === 0 && node.consarray === true) return (input, frame) => constructed(bare(input, frame));
  return (input, frame) => {
    if (input.length === 1) return afterOne(frame.run, evaluate(input[0], frame), index === last);
    spend(frame.run, input.length);
    const results: Value[] = [];
    for (const item of input) {
      const value = noFunction(evaluate(item, frame));
      if (value !== undefined) results.push(value);
    }
    if (results.length === 1) return afterOne(frame.run, results[0], index === last);
    return flattened(frame.run, results);
  };
}

function constructed(value: Value): List | undefined {
  return value === undefined || isList(value) ? value : leave();
}

/** The sequence of one result. At the end of a path an array of data stays as it is. */
function afterOne(run: Run, value: Value, isLast: boolean): List {
  if (value === undefined) return sequence();
  if (!isList(value)) return sequenceOf(value);
  if (isLast && value.sequence !== true) return value;
  return flattened(run, [value]);
}

function flattened(run: Run, results: readonly Value[]): List {
  const all = sequence();
  for (const value of results) {
    if (isList(value) && value.cons !== true) pushAll(run, all, value);
    else all.push(value);
  }
  return all;
}

/** Compiles the name of a member. */
export function compileName({ value }: Node): Evaluate {
  const name = textOf(value);
  return (input, { run }) => lookup(run, input, name);
}

/** Compiles `*`: all members of an object. */
export function compileWildcard(): Evaluate {
  return (input, { run }) => {
    const found: MadeList = [];
    // JSONata joins the members of an array by `$append`, after which the list is no longer a sequence.
    let isSequence = true;
    for (const value of membersOf(run, input)) {
      if (isList(value)) {
        flattenDeep(run, value, found, 0);
        isSequence = false;
      } else found.push(value);
    }
    if (isSequence) found.sequence = true;
    return found;
  };
}

function membersOf(run: Run, input: Value): readonly Value[] {
  // JSONata takes its own marks on an array for members of it.
  if (isList(input)) leave();
  if (!isDict(input)) return [];
  const members = Object.values(input);
  spend(run, members.length);
  return members;
}

function flattenDeep(run: Run, list: List, into: MadeList, level: number): void {
  if (level > mostLevels) leave();
  spend(run, list.length);
  for (const each of list) {
    if (isList(each)) flattenDeep(run, each, into, level + 1);
    else into.push(each);
  }
}

/** Compiles `**`: the value and all below it. */
export function compileDescendants(): Evaluate {
  return (input, { run }) => {
    if (input === undefined) return undefined;
    const found = sequence();
    descend(run, input, found, 0);
    return found.length === 1 ? found[0] : found;
  };
}

function descend(run: Run, value: Value, into: MadeList, level: number): void {
  if (level > mostLevels) leave();
  spend(run, 1);
  if (!isList(value)) into.push(noFunction(value));
  const below: readonly Value[] = isList(value) ? value : isDict(value) ? Object.values(value) : [];
  for (const each of below) descend(run, each, into, level + 1);
}
