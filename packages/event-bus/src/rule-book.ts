/**
 * The stored rules, and the index over them in memory.
 *
 * R1. A transaction that changes rules sees its changes at once; others see them after it has committed. A failed transaction does not change the index.
 */
import { type EventPattern, parsePattern } from "@serverlesspresso/event-patterns";
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import { EventBusError } from "./errors.ts";
import { kinds } from "./record-kinds.ts";
import type { Rule } from "./rule.ts";
import { indexRules, type RuleIndex } from "./rule-index.ts";

/** Reads and writes rules and buses. */
export interface RuleBook {
  /** Returns the index of all rules as the transaction sees them (R1). */
  index(tx: Transaction): RuleIndex;
  put(tx: Transaction, rule: Rule): void;
  remove(tx: Transaction, rule: Rule): void;
  find(view: ReadView, busName: string, name: string): Rule | undefined;
  /** Returns a rule. @throws {EventBusError} `ResourceNotFoundException` */
  get(view: ReadView, busName: string, name: string): Rule;
  list(view: ReadView, busName: string): Rule[];
  putBus(tx: Transaction, busName: string): void;
  removeBus(tx: Transaction, busName: string): void;
  hasBus(view: ReadView, busName: string): boolean;
  listBuses(view: ReadView): string[];
}

const ruleKey = (busName: string, name: string): Key => kinds.rules.key(busName, name);
const busKey = (busName: string): Key => kinds.buses.key(busName);

/** Creates the rule book. `onError` receives a stored rule whose pattern does not parse. */
export function createRuleBook(onError: (error: unknown, what: string) => void): RuleBook {
  let cached: RuleIndex | undefined;
  let changing: Transaction | undefined;
  /** The parsed patterns of the last index by their text; the next index reuses them. */
  let parsed = new Map<string, EventPattern>();

  function changed(tx: Transaction): void {
    cached = undefined;
    changing = tx;
  }

  return {
    index(tx) {
      if (cached !== undefined) return cached;
      const known = parsed;
      parsed = new Map();
      const index = indexRules(
        tx.scan<Rule>(kinds.rules.range()).map(([, rule]) => rule),
        onError,
        (text) => {
          const pattern = parsed.get(text) ?? known.get(text) ?? parsePattern(text);
          parsed.set(text, pattern);
          return pattern;
        },
      );
      // The transaction that changes rules may still fail, so only the index of another transaction is cached.
      if (tx !== changing) cached = index;
      return index;
    },
    put(tx, rule) {
      tx.put(ruleKey(rule.busName, rule.name), rule);
      changed(tx);
    },
    remove(tx, rule) {
      tx.delete(ruleKey(rule.busName, rule.name));
      changed(tx);
    },
    find: (view, busName, name) => view.get<Rule>(ruleKey(busName, name)),
    get(view, busName, name) {
      const rule = view.get<Rule>(ruleKey(busName, name));
      if (rule !== undefined) return rule;
      throw new EventBusError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${busName}.`);
    },
    list: (view, busName) => view.scan<Rule>(kinds.rules.range(busName)).map(([, rule]) => rule),
    putBus: (tx, busName) => tx.put(busKey(busName), { name: busName }),
    removeBus: (tx, busName) => tx.delete(busKey(busName)),
    hasBus: (view, busName) => busName === "default" || view.get(busKey(busName)) !== undefined,
    listBuses(view) {
      const names = view.scan<{ name: string }>(kinds.buses.range()).map(([, { name }]) => name);
      return names.includes("default") ? names : ["default", ...names];
    },
  };
}
