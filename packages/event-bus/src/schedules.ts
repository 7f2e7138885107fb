/**
 * Scheduled rules: `rate(5 minutes)`, `cron(0 12 * * ? *)` in UTC.
 *
 * C1. The next time of a schedule is a durable timer. After a downtime a rule fires once on start, not once for each missed time.
 * C2. A time at which the rule fails to fire is reported and skipped; the rule fires again at its next time.
 */
import type { Clock } from "@serverlesspresso/ports";
import type { ReadView, Store, Transaction } from "@serverlesspresso/store";
import { createTimers } from "@serverlesspresso/timers";
import { isoSeconds } from "./envelope.ts";
import type { Rule } from "./rule.ts";
import { nextInstant, parseSchedule } from "./schedule-expression.ts";

/** The timers of scheduled rules. */
export interface Schedules {
  /** Sets the next time of a rule that was created, changed or removed. @throws {EventBusError} `ValidationException` for an invalid expression */
  arrange(tx: Transaction, before: Rule | undefined, rule: Rule | undefined): void;
  /** Starts the timers. */
  begin(): void;
  /** Stops the timers; they stay in the store. */
  end(): void;
}

/** What schedules need. `fire` puts the event of a rule; `time` is when the rule was due, as ISO 8601. */
export interface SchedulesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly onError: (error: unknown, what: string) => void;
  readonly findRule: (view: ReadView, busName: string, name: string) => Rule | undefined;
  readonly fire: (tx: Transaction, rule: Rule, atMs: number, time: string) => void;
}

/** Creates the schedules. No rule fires before `begin`. */
export function createSchedules({ store, clock, onError, findRule, fire }: SchedulesOptions): Schedules {
  const idOf = ({ busName, name, scheduleExpression = "" }: Rule): string => JSON.stringify([busName, name, scheduleExpression]);
  const timers = createTimers({ store, clock, name: "events-schedule", fire: onDue, giveUp, onError });

  function onDue(tx: Transaction, id: string, atMs: number): void {
    const rule = ruleOf(tx, id);
    if (rule === undefined) return;
    fire(tx, rule, clock.nowMs(), isoSeconds(atMs));
    setNext(tx, rule);
  }

  /** Returns the rule of a timer. Undefined if the rule has changed since: then it has a new timer, and the old one has no effect. */
  function ruleOf(tx: Transaction, id: string): Rule | undefined {
    const [busName, name] = JSON.parse(id) as [string, string];
    const rule = findRule(tx, busName, name);
    return rule?.isEnabled && idOf(rule) === id ? rule : undefined;
  }

  function setNext(tx: Transaction, rule: Rule): void {
    if (rule.scheduleExpression === undefined || !rule.isEnabled) return;
    const atMs = nextInstant(parseSchedule(rule.scheduleExpression), clock.nowMs());
    if (atMs !== undefined) timers.set(tx, atMs, idOf(rule));
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
