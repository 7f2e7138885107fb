/**
 * Plays an execution in memory, on a clock that jumps to the next due time.
 *
 * SI1. No real time passes: a Wait, a back-off, a timeout and a delayed reaction are over at once, in the order of their times.
 * SI2. Reactions due at the same time come in the order of their actions, and before a deadline of that time.
 * SI3. Reactions to a wait that is over are dropped and do not move the clock.
 * SI4. When no reaction and no deadline is left, the play ends without an outcome.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { resume, start } from "./decide.ts";
import type { Action, Decision, Environment, HistoryEvent, Outcome, Stimulus } from "./decision.ts";
import type { ExecutionContext, ExecutionState } from "./execution-state.ts";
import type { Machine } from "./machine.ts";

/** A stimulus that follows an action, `afterMs` milliseconds later (by default 0). */
export interface Reaction {
  readonly afterMs?: number;
  readonly stimulus: Stimulus;
}

/** The input of the execution, and what the world around it does. */
export interface SimulationOptions {
  readonly input: JsonValue;
  readonly context: ExecutionContext;
  readonly startMs: number;
  environment(nowMs: number): Environment;
  /** Returns the reactions to an action; called once for each action, in their order. */
  react(action: Action, nowMs: number): readonly Reaction[];
  /** Receives each state between decisions and returns the one to continue with. */
  between?(state: ExecutionState): ExecutionState;
  /** Returns a stimulus from outside (a stop, a redrive) to apply before the next decision, or undefined. Also called after the execution has ended. */
  interfere?(decision: Decision, made: number): Stimulus | undefined;
  /** The most decisions; the play then ends, with or without an outcome. By default 100,000. */
  readonly mostDecisions?: number;
}

/** What `simulate` returns: the outcome and all events and actions on the way. */
export interface Simulation {
  /** Undefined if the execution waits for ever, or if the play reached `mostDecisions`. */
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

/** Plays from the start until the execution ends, or until no reaction and no deadline is left (SI4). */
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
