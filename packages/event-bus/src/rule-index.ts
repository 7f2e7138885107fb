/**
 * Finds the rules an event meets. Rules that name their sources and detail-types exactly are found by these two words; only what is left
 * over is evaluated. What the index leaves out never matches.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import type { Envelope } from "./envelope.ts";
import { type Alternative, type EventPattern, matchesFields, parsePattern } from "./event-pattern.ts";
import { flattenEvent } from "./flatten.ts";
import type { Rule } from "./rule.ts";

export interface RuleIndex {
  /** The enabled rules of the bus whose pattern the event meets, in the order of their names. */
  match(busName: string, envelope: Envelope): readonly Rule[];
}

interface Entry {
  readonly rule: Rule;
  readonly pattern: EventPattern;
  readonly order: number;
}
const anything: unique symbol = Symbol("anything");
type Word = string | typeof anything;
type Bucket = Map<Word, Map<Word, Entry[]>>;

/** Rules whose pattern no longer parses are reported and left out. */
export function indexRules(rules: readonly Rule[], onError: (error: unknown, what: string) => void): RuleIndex {
  const buses = new Map<string, { bucket: Bucket; steps: Set<string> }>();
  rules.forEach((rule, order) => {
    if (!rule.isEnabled || rule.eventPattern === undefined) return;
    try {
      add(rule, parsePattern(rule.eventPattern), order);
    } catch (error) {
      onError(error, `rule ${rule.name}`);
    }
  });

  function add(rule: Rule, pattern: EventPattern, order: number): void {
    let bus = buses.get(rule.busName);
    if (bus === undefined) buses.set(rule.busName, (bus = { bucket: new Map(), steps: new Set() }));
    for (const step of pattern.steps) bus.steps.add(step);
    const entry: Entry = { rule, pattern, order };
    for (const alternative of pattern.alternatives) {
      for (const source of wordsOf(alternative, "source")) {
        const types = getOrMake(bus.bucket, source, () => new Map<Word, Entry[]>());
        for (const type of wordsOf(alternative, "detail-type")) {
          const entries = getOrMake(types, type, () => []);
          if (!entries.includes(entry)) entries.push(entry);
        }
      }
    }
  }

  return {
    match(busName, envelope) {
      const bus = buses.get(busName);
      if (bus === undefined) return [];
      const candidates = new Set<Entry>();
      for (const source of [envelope.source, anything] as const) {
        const types = bus.bucket.get(source);
        for (const type of [envelope["detail-type"], anything] as const) for (const entry of types?.get(type) ?? []) candidates.add(entry);
      }
      if (candidates.size === 0) return [];
      const fields = flattenEvent(envelope as unknown as JsonValue, bus.steps);
      const matched = [...candidates].filter(({ pattern }) => matchesFields(pattern, fields));
      return matched.sort((a, b) => a.order - b.order).map(({ rule }) => rule);
    },
  };
}

/** The exact texts an alternative demands of a field, or `anything` where it does not name them. */
function wordsOf(alternative: Alternative, path: string): readonly Word[] {
  // An address is also met by the same address written otherwise, so it is no word to look up.
  const texts = alternative.find((field) => field.path === path)?.texts;
  return texts === undefined || texts.some(isAddressLike) ? [anything] : texts;
}

function isAddressLike(text: string): boolean {
  return /^[0-9.]+$/.test(text) || /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(text);
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
