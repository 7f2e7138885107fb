/**
 * Plays an execution in memory, on a clock that jumps to whatever is due next.
 *
 * SI1. No real time passes: a Wait, a back-off, a timeout, an answer that takes its time are over at once, in the order of their times.
 * SI2. What comes at the same time comes in the order in which it was asked for; an answer before a deadline.
 * SI3. The answers to a wait that is over are dropped and move no clock.
 * SI4. An execution that nothing can move any more is left as it is, without an outcome.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { resume, start } from "./decide.ts";
import type { Action, Decision, Environment, HistoryEvent, Outcome, Stimulus } from "./decision.ts";
import type { ExecutionContext, ExecutionState } from "./execution-state.ts";
import type { Machine } from "./machine.ts";

/** What the world does about an action, some time after it was asked for. */
export interface Reaction {
  readonly afterMs?: number;
  readonly stimulus: Stimulus;
}

export interface SimulationOptions {
  readonly input: JsonValue;
  readonly context: ExecutionContext;
  readonly startMs: number;
  environment(nowMs: number): Environment;
  /** Asked once for each action, in their order. */
  react(action: Action, nowMs: number): readonly Reaction[];
  /** Sees, and may replace, every state between decisions. */
  between?(state: ExecutionState): ExecutionState;
  /** What is done from outside before the next decision, stopping or redriving; asked of an execution that has ended, too. */
  interfere?(decision: Decision, made: number): Stimulus | undefined;
  /** After so many decisions the play is over, with or without an outcome; 100,000. */
  readonly mostDecisions?: number;
}

export interface Simulation {
  /** Absent where the execution waits for ever, or was cut short. */
  readonly outcome: Outcome | undefined;
  readonly events: readonly HistoryEvent[];
  readonly actions: readonly Action[];
  readonly endedMs: number;
  readonly state: ExecutionState;
}

interface Pending {
  readonly atMs: number;
  readonly stimulus: Stimulus;
}

/** Plays from the start until the execution ends, or nothing more can happen. */
export function simulate(machine: Machine, options: SimulationOptions): Simulation {
  const { react, between = (state) => state, interfere = () => undefined, mostDecisions = 100_000 } = options;
  const events: HistoryEvent[] = [];
  const actions: Action[] = [];
  let pending: Pending[] = [];
  let nowMs = options.startMs;

  function take(decision: Decision): Decision {
    events.push(...decision.events);
    for (const action of decision.actions) {
      actions.push(action);
      if (action.kind === "cancel") pending = pending.filter(({ stimulus }) => !("wait" in stimulus) || stimulus.wait !== action.wait);
      for (const { afterMs = 0, stimulus } of react(action, nowMs)) pending.push({ atMs: nowMs + afterMs, stimulus });
    }
    return decision;
  }

  function next({ continues, nextDueMs }: Decision): Stimulus | undefined {
    if (continues) return { kind: "continue" };
    const first = pending.reduce<Pending | undefined>(
      (best, each) => (best === undefined || each.atMs < best.atMs ? each : best),
      undefined,
    );
    if (first !== undefined && (nextDueMs === undefined || first.atMs <= nextDueMs)) {
      pending.splice(pending.indexOf(first), 1);
      nowMs = Math.max(nowMs, first.atMs);
      return first.stimulus;
    }
    if (nextDueMs === undefined) return undefined;
    nowMs = Math.max(nowMs, nextDueMs);
    return { kind: "timeReached" };
  }

  let decision = take(start(machine, options, options.environment(nowMs)));
  for (let made = 1; made < mostDecisions; made++) {
    const stimulus = interfere(decision, made) ?? (decision.outcome ? undefined : next(decision));
    if (stimulus === undefined) break;
    decision = take(resume(machine, between(decision.state), stimulus, options.environment(nowMs)));
  }
  return { outcome: decision.outcome, events, actions, endedMs: nowMs, state: decision.state };
}
