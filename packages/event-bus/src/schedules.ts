/**
 * Rules that fire by the clock: `rate(5 minutes)`, `cron(0 12 * * ? *)` in UTC.
 *
 * C1. A schedule's next instant is a durable timer. While the process was down it fires once on start, not once for each turn missed.
 * C2. A turn that cannot be fired is reported and left out; the next one comes in its time.
 */
import type { Clock } from "@serverlesspresso/ports";
import type { ReadView, Store, Transaction } from "@serverlesspresso/store";
import { createTimers } from "@serverlesspresso/timers";
import { isoSeconds } from "./envelope.ts";
import type { Rule } from "./rule.ts";
import { nextInstant, parseSchedule } from "./schedule-expression.ts";

export interface Schedules {
  /** Sets the rule's next instant anew. @throws {EventBusError} `ValidationException` for an expression that is none */
  arrange(tx: Transaction, before: Rule | undefined, rule: Rule | undefined): void;
  begin(): void;
  end(): void;
}

export interface SchedulesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly onError: (error: unknown, what: string) => void;
  readonly findRule: (view: ReadView, busName: string, name: string) => Rule | undefined;
  readonly fire: (tx: Transaction, rule: Rule, atMs: number, time: string) => void;
}

export function createSchedules({ store, clock, onError, findRule, fire }: SchedulesOptions): Schedules {
  const idOf = ({ busName, name, scheduleExpression = "" }: Rule): string => JSON.stringify([busName, name, scheduleExpression]);
  const timers = createTimers({ store, clock, name: "events-schedule", fire: onDue, giveUp, onError });

  function setNext(tx: Transaction, rule: Rule): void {
    if (rule.scheduleExpression === undefined || !rule.isEnabled) return;
    const atMs = nextInstant(parseSchedule(rule.scheduleExpression), clock.nowMs());
    if (atMs !== undefined) timers.set(tx, atMs, idOf(rule));
  }

  /** The rule that a timer stands for. One that was changed since has a timer of its own; what is left of the old one ends here. */
  function ruleOf(tx: Transaction, id: string): Rule | undefined {
    const [busName, name] = JSON.parse(id) as [string, string];
    const rule = findRule(tx, busName, name);
    return rule?.isEnabled && idOf(rule) === id ? rule : undefined;
  }

  function onDue(tx: Transaction, id: string, atMs: number): void {
    const rule = ruleOf(tx, id);
    if (rule === undefined) return;
    fire(tx, rule, clock.nowMs(), isoSeconds(atMs));
    setNext(tx, rule);
  }

  function giveUp(tx: Transaction, id: string): void {
    const rule = ruleOf(tx, id);
    if (rule !== undefined) setNext(tx, rule);
  }

  return {
    arrange(tx, before, rule) {
      if (rule?.scheduleExpression !== undefined) parseSchedule(rule.scheduleExpression);
      const isSame = before !== undefined && rule !== undefined && idOf(before) === idOf(rule) && before.isEnabled === rule.isEnabled;
      if (rule !== undefined && !isSame) setNext(tx, rule);
    },
    begin: timers.start,
    end: timers.stop,
  };
}
