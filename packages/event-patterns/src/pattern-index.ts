/**
 * Finds the patterns an event meets. A tree over what the patterns ask for leads to the few that may; only these are evaluated. What the
 * index leaves out never matches.
 */
import type { Event } from "./event.ts";
import { type EventPattern, matchesFields } from "./event-pattern.ts";
import type { Alternative } from "./field-pattern.ts";
import { type Fields, flattenEvent } from "./flatten.ts";
import type { JsonValue } from "./json.ts";
import { type PatternTree, plantTree, type ValuesAt } from "./pattern-tree.ts";
import type { Leaf } from "./value-tests.ts";

/** Many patterns, each with the value it stands for: a rule, a subscriber. */
export interface PatternIndex<T> {
  /** Returns the values whose pattern the event meets, in the order in which `indexPatterns` was given them. */
  match(event: Event): readonly T[];
}

interface Entry<T> {
  readonly value: T;
  readonly pattern: EventPattern;
  readonly order: number;
}

/** Returns an index that agrees with `matchesPattern` on each pattern and looks at few of them. */
export function indexPatterns<T>(patterns: Iterable<readonly [pattern: EventPattern, value: T]>): PatternIndex<T> {
  const entries = Array.from(patterns, ([pattern, value], order): Entry<T> => ({ value, pattern, order }));
  const steps = new Set(entries.flatMap(({ pattern }) => [...pattern.steps]));
  const tree = plantTree(
    entries.flatMap((entry) => entry.pattern.alternatives.map((one): readonly [Alternative, Entry<T>] => [one, entry])),
  );
  return { match: (event) => matchIn(tree, steps, event) };
}

function matchIn<T>(tree: PatternTree<Entry<T>>, steps: ReadonlySet<string>, event: Event): T[] {
  let flattened: Fields | undefined;
  const fields = (): Fields => (flattened ??= flattenEvent(event, steps));
  const candidates = new Set<Entry<T>>();
  tree.find(valuesIn(event, fields), candidates);
  if (candidates.size === 0) return [];
  const matched = [...candidates].filter(({ pattern }) => matchesFields(pattern, fields()));
  return matched.sort((a, b) => a.order - b.order).map(({ value }) => value);
}

/** The envelope's own texts, which tell most events apart, are read without flattening the event. */
function valuesIn(event: Event, fields: () => Fields): ValuesAt {
  const members = event !== null && typeof event === "object" ? (event as Readonly<Record<string, JsonValue>>) : {};
  return (path) => {
    const own = Object.hasOwn(members, path) ? members[path] : undefined;
    if (typeof own === "string") return [own];
    return new Set<Leaf>(
      fields()
        .get(path)
        ?.map(({ value }) => value),
    );
  };
}
