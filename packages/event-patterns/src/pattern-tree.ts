/**
 * A tree that leads from an event to the rules it may meet: each fork reads one path, and the values found there lead on.
 *
 * T1. Every entry whose alternative the event meets is found. What is found may still not meet the event.
 * T2. An alternative that has no keys for a fork's path lies beside its branches and is found whatever the event has there.
 * T3. An alternative stands in at most `mostCopies` places; one that would need more lies beside.
 * T4. A fork is made only where it leaves clearly less to look at; the path is the one that leaves least.
 * T5. One search visits no fork twice, whatever arrays the event holds.
 */
import type { Alternative } from "./field-pattern.ts";
import { keysOfValue, type LookupKey, type LookupKind } from "./lookup-key.ts";
import { getOrMake } from "./maps.ts";
import type { Leaf } from "./value-tests.ts";

/** The values of an event at a path. */
export type ValuesAt = (path: string) => Iterable<Leaf>;

/** Entries in a tree; see T1 to T5. */
export interface PatternTree<T> {
  /** Adds to `found` what the event may meet. */
  find(valuesAt: ValuesAt, found: Set<T>): void;
}

/** An entry with those demands that a fork may still read. */
interface Item<T> {
  readonly entry: T;
  readonly demands: readonly Demand[];
  readonly copies: number;
}
interface Demand {
  readonly path: string;
  readonly keys: readonly LookupKey[];
}

const mostCopies = 256;
/** So few are looked at one by one. */
const few = 4;
const worthwhile = 0.8;

/** Returns a tree over the alternatives, each with the entry it leads to. */
export function plantTree<T>(alternatives: Iterable<readonly [alternative: Alternative, entry: T]>): PatternTree<T> {
  const items: Item<T>[] = [];
  for (const [alternative, entry] of alternatives) {
    const demands = alternative.flatMap(({ path, keys }) => (keys === undefined ? [] : [{ path, keys }]));
    items.push({ entry, demands, copies: 1 });
  }
  return grow(items);
}

function grow<T>(items: readonly Item<T>[]): PatternTree<T> {
  const path = items.length > few ? bestPath(items) : undefined;
  return path === undefined ? leaf(items) : fork(path, items);
}

function leaf<T>(items: readonly Item<T>[]): PatternTree<T> {
  const entries = items.map(({ entry }) => entry);
  return {
    find(_, found) {
      for (const entry of entries) found.add(entry);
    },
  };
}

/** The path after whose reading the fewest are left, on average over its values; undefined where none is worth it (T4). */
function bestPath<T>(items: readonly Item<T>[]): string | undefined {
  const paths = new Map<string, { readonly counts: Map<string, number>; items: number }>();
  for (const item of items) {
    for (const { path, keys } of item.demands) {
      if (!hasRoom(item, keys)) continue;
      const seen = getOrMake(paths, path, () => ({ counts: new Map<string, number>(), items: 0 }));
      seen.items++;
      for (const key of keys) seen.counts.set(nameOf(key), (seen.counts.get(nameOf(key)) ?? 0) + 1);
    }
  }
  let best: string | undefined;
  let least = items.length * worthwhile;
  for (const [path, seen] of paths) {
    const [sum, squares] = [...seen.counts.values()].reduce(([s, q], count) => [s + count, q + count * count], [0, 0]);
    const left = items.length - seen.items + squares / sum;
    if (left < least) [best, least] = [path, left];
  }
  return best;
}

function hasRoom<T>({ copies }: Item<T>, keys: readonly LookupKey[]): boolean {
  return copies * keys.length <= mostCopies;
}

function nameOf({ kind, value }: LookupKey): string {
  return `${kind} ${typeof value} ${String(value)}`;
}

interface Branches<T> {
  readonly kind: LookupKind;
  readonly lengths: Set<number>;
  readonly items: Map<Leaf, Item<T>[]>;
}

function fork<T>(path: string, items: readonly Item<T>[]): PatternTree<T> {
  const byKind = new Map<LookupKind, Branches<T>>();
  const beside: Item<T>[] = [];
  for (const item of items) {
    const demand = item.demands.find((one) => one.path === path);
    if (demand === undefined || !hasRoom(item, demand.keys)) {
      beside.push(item);
      continue;
    }
    const demands = item.demands.filter((one) => one !== demand);
    const copy = { ...item, demands, copies: item.copies * demand.keys.length };
    for (const { kind, value } of demand.keys) {
      const branches = getOrMake(byKind, kind, () => ({ kind, lengths: new Set<number>(), items: new Map<Leaf, Item<T>[]>() }));
      if (typeof value === "string") branches.lengths.add(value.length);
      getOrMake(branches.items, value, () => []).push(copy);
    }
  }
  const trees = [...byKind.values()].map(({ kind, lengths, items: branches }) => ({
    keysOf: keysOfValue[kind],
    lengths,
    branches: new Map([...branches].map(([value, inside]) => [value, grow(inside)])),
  }));
  const rest = beside.length === 0 ? undefined : grow(beside);
  return {
    find(valuesAt, found) {
      const visited = new Set<PatternTree<T>>();
      for (const value of valuesAt(path)) {
        for (const { keysOf, lengths, branches } of trees) for (const key of keysOf(value, lengths)) visit(branches.get(key), visited);
      }
      for (const tree of visited) tree.find(valuesAt, found);
      rest?.find(valuesAt, found);
    },
  };
}

function visit<T>(tree: PatternTree<T> | undefined, visited: Set<PatternTree<T>>): void {
  if (tree !== undefined) visited.add(tree);
}
