/**
 * Finds the rules an event meets. A tree over what the patterns ask for leads to the few that may; only these are evaluated. What the index
 * leaves out never matches.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import type { Envelope } from "./envelope.ts";
import { type Alternative, type EventPattern, matchesFields } from "./event-pattern.ts";
import { type Fields, flattenEvent } from "./flatten.ts";
import { getOrMake } from "./maps.ts";
import type { Rule } from "./rule.ts";
import { plantTree, type RuleTree, type ValuesAt } from "./rule-tree.ts";
import type { Leaf } from "./value-tests.ts";

export interface RuleIndex {
  /** The enabled rules of the bus whose pattern the event meets, in the order of their names. */
  match(busName: string, envelope: Envelope): readonly Rule[];
}

interface Entry {
  readonly rule: Rule;
  readonly pattern: EventPattern;
  readonly order: number;
}
interface Bus {
  readonly alternatives: (readonly [Alternative, Entry])[];
  readonly steps: Set<string>;
}

/** Rules whose pattern no longer parses are reported and left out. */
export function indexRules(
  rules: readonly Rule[],
  onError: (error: unknown, what: string) => void,
  parse: (pattern: string) => EventPattern,
): RuleIndex {
  const buses = new Map<string, Bus>();
  rules.forEach((rule, order) => {
    if (!rule.isEnabled || rule.eventPattern === undefined) return;
    try {
      add(rule, parse(rule.eventPattern), order);
    } catch (error) {
      onError(error, `rule ${rule.name}`);
    }
  });

  function add(rule: Rule, pattern: EventPattern, order: number): void {
    const bus = getOrMake(buses, rule.busName, (): Bus => ({ alternatives: [], steps: new Set() }));
    for (const step of pattern.steps) bus.steps.add(step);
    const entry: Entry = { rule, pattern, order };
    for (const alternative of pattern.alternatives) bus.alternatives.push([alternative, entry]);
  }

  const trees = new Map([...buses].map(([name, { alternatives, steps }]) => [name, { tree: plantTree(alternatives), steps }]));
  return {
    match(busName, envelope) {
      const bus = trees.get(busName);
      return bus === undefined ? [] : matchIn(bus, envelope);
    },
  };
}

function matchIn({ tree, steps }: { readonly tree: RuleTree<Entry>; readonly steps: ReadonlySet<string> }, envelope: Envelope): Rule[] {
  let flattened: Fields | undefined;
  const fields = (): Fields => (flattened ??= flattenEvent(envelope as unknown as JsonValue, steps));
  const candidates = new Set<Entry>();
  tree.find(valuesIn(envelope, fields), candidates);
  if (candidates.size === 0) return [];
  const matched = [...candidates].filter(({ pattern }) => matchesFields(pattern, fields()));
  return matched.sort((a, b) => a.order - b.order).map(({ rule }) => rule);
}

/** Most events are told apart by the envelope's own texts, for which nothing need be flattened. */
function valuesIn(envelope: Envelope, fields: () => Fields): ValuesAt {
  return (path) => {
    const own = Object.hasOwn(envelope, path) ? (envelope as unknown as Record<string, JsonValue>)[path] : undefined;
    if (typeof own === "string") return [own];
    return new Set<Leaf>(
      fields()
        .get(path)
        ?.map(({ value }) => value),
    );
  };
}
