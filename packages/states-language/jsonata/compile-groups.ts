/** Object constructors and group-by: `{key: value}` alone or after an expression. */
import { setMember } from "../src/frame.ts";
import { type Compiler, type Evaluate, refuseBinds } from "./compiler.ts";
import type { Frame } from "./frame.ts";
import { leave, type Run, spend } from "./run.ts";
import { type Node, NotBounded, pairsOf } from "./syntax.ts";
import { type Dict, isList, type List, noFunction, type Value } from "./values.ts";

interface Pair {
  readonly key: Evaluate;
  readonly value: Evaluate;
}

/** The items that gave one key. */
interface Group {
  data: Value;
  /** The list of several items, made here. */
  made: Value[] | undefined;
  readonly pair: Pair;
}

const reserved = ["_jsonata_lambda", "_jsonata_function"];

/** Compiles an object constructor. */
export function compileObject({ lhs }: Node, compiler: Compiler): Evaluate {
  const pairs = compilePairs(lhs, compiler);
  return (input, frame) => grouped(pairs, isList(input) ? notEmpty(input) : [input], frame);
}

/** Compiles a group-by after an expression; `group` is its part of the syntax tree. */
export function compileGroup(group: unknown, evaluate: Evaluate, compiler: Compiler): Evaluate {
  if (typeof group !== "object" || group === null || !("lhs" in group)) throw new NotBounded("another group");
  const pairs = compilePairs(group.lhs, compiler);
  return (input, frame) => {
    const value = noFunction(evaluate(input, frame));
    if (!isList(value)) return grouped(pairs, [value], frame);
    return grouped(pairs, value.sequence === true && value.length === 0 ? [undefined] : notEmpty(value), frame);
  };
}

/** JSONata adds a member to an empty array that it groups, and every other holder of the array sees it. */
function notEmpty(list: List): List {
  return list.length === 0 ? leave() : list;
}

function compilePairs(written: unknown, { compile }: Compiler): readonly Pair[] {
  const nodes = pairsOf(written);
  refuseBinds(nodes.flat());
  return nodes.map(([key, value]) => ({ key: compile(key), value: compile(value) }));
}

function grouped(pairs: readonly Pair[], items: List, frame: Frame): Dict {
  const groups = new Map<string, Group>();
  let hasIndex = false;
  for (const item of items) {
    spend(frame.run, pairs.length);
    for (const pair of pairs) {
      const key = pair.key(item, frame);
      if (key === undefined) continue;
      if (typeof key !== "string" || reserved.includes(key)) return leave();
      const group = groups.get(key);
      if (group === undefined) {
        groups.set(key, { data: item, made: undefined, pair });
        hasIndex ||= isIndex(key);
      } else if (group.pair !== pair) return leave();
      else addTo(frame.run, group, item);
    }
  }
  const made: { [key: string]: Value } = {};
  for (const [key, { data, made: list, pair }] of hasIndex ? inOrder(groups) : groups) {
    const value = noFunction(pair.value(list ?? data, frame));
    if (value !== undefined) setMember(made, key, value);
  }
  return made;
}

/** An item that is an array adds its members. */
function addTo(run: Run, group: Group, item: Value): void {
  if (item === undefined) return;
  const added = isList(item) ? item : [item];
  if (group.made === undefined) {
    if (group.data === undefined) {
      group.data = item;
      return;
    }
    group.made = isList(group.data) ? [...group.data] : [group.data];
    spend(run, group.made.length);
  }
  spend(run, added.length);
  group.made.push(...added);
}

/** Keys that are indexes come first, as in every object. */
function inOrder(groups: ReadonlyMap<string, Group>): readonly (readonly [string, Group])[] {
  const order: { [key: string]: Group } = Object.create(null);
  for (const [key, group] of groups) order[key] = group;
  return Object.entries(order);
}

function isIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}
