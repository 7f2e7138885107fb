/** Finds the rules of a bus that match an event. */
import { type EventPattern, indexPatterns, type PatternIndex } from "@serverlesspresso/event-patterns";
import type { Envelope } from "./envelope.ts";
import type { Rule } from "./rule.ts";

/** The rules of all buses at the time when the index was made. */
export interface RuleIndex {
  /** Returns the enabled rules of the bus whose pattern matches the event, in the order of their names. */
  match(busName: string, envelope: Envelope): readonly Rule[];
}

type Parsed = readonly [pattern: EventPattern, rule: Rule];

/** Indexes the rules, given in the order of their names. A rule whose pattern does not parse is reported to `onError` and left out. */
export function indexRules(
  rules: readonly Rule[],
  onError: (error: unknown, what: string) => void,
  parse: (pattern: string) => EventPattern,
): RuleIndex {
  function parsedRule(rule: Rule): readonly Parsed[] {
    if (!rule.isEnabled || rule.eventPattern === undefined) return [];
    try {
      return [[parse(rule.eventPattern), rule]];
    } catch (error) {
      onError(error, `rule ${rule.name}`);
      return [];
    }
  }

  const byBus = Map.groupBy(rules.flatMap(parsedRule), ([, { busName }]) => busName);
  const indexes = new Map<string, PatternIndex<Rule>>([...byBus].map(([busName, parsed]) => [busName, indexPatterns(parsed)]));
  return { match: (busName, envelope) => indexes.get(busName)?.match(envelope) ?? [] };
}
