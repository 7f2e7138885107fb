/** Moves one execution as far as it goes without waiting: decide, perform what is transactional, decide again. */
import {
  type Decision,
  EvaluationPending,
  type ExecutionContext,
  type ExecutionState,
  type HistoryEvent,
} from "@serverlesspresso/states-language";
import type { Transaction } from "@serverlesspresso/store";
import { checkInstant } from "@serverlesspresso/timers";
import type { Engine, Session } from "./engine.ts";
import { isStoreFailure } from "./failures.ts";
import { lastEvent } from "./history.ts";
import { type Live, restorePoint } from "./live.ts";
import { recordChildren } from "./map-children.ts";
import { recordMapRuns } from "./map-runs.ts";
import { arnOf, qualifiersOf } from "./names.ts";
import { notifyParent } from "./nested.ts";
import { perform } from "./perform.ts";
import type { QueuedStimulus } from "./records.ts";

/** Step Functions' limit for Express workflows. */
const expressLimitMs = 300_000;

/** Returns how much of the budget it used. Leaves in the inbox the stimuli that exceed the budget or this turn's slice. */
export function advance(engine: Engine, session: Session, live: Live, budget: number): number {
  let used = 0;
  while (used < budget && live.outcome === undefined && !engine.slice.isOver()) {
    const [stimulus] = live.inbox;
    if (stimulus === undefined || engine.attempts.get(live.id)?.missing) break;
    const cost = step(engine, session, live, stimulus);
    if (cost === undefined) break;
    used += cost;
  }
  if (live.outcome !== undefined) end(engine, session, live);
  return used;
}

/** Returns its cost, or undefined while the decision waits for an evaluation. */
function step(engine: Engine, session: Session, live: Live, stimulus: QueuedStimulus): number | undefined {
  const { tx } = session;
  const before = live.events.length;
  let cost = 1;
  const restore = restorePoint(live);
  engine.tokens.prepare(tx);
  try {
    tx.savepoint(() => {
      const decision = decide(engine, tx, live, stimulus);
      engine.slice.spend(decision.work ?? 0);
      live.inbox.shift();
      adopt(engine, session, live, decision);
      cost = costOf(decision);
    });
  } catch (error) {
    restore();
    if (error instanceof EvaluationPending) {
      engine.attempts.set(live.id, engine.environments.attempt());
      tx.onUndo(() => void engine.attempts.delete(live.id));
      return undefined;
    }
    if (isStoreFailure(error)) throw error;
    engine.onError(error, `execution ${arnOf(engine, live)} at ${stimulus.kind}`);
    failBy(engine, tx, live, error as Error);
  }
  if (engine.attempts.size > 0) engine.attempts.delete(live.id);
  return Math.max(cost, live.events.length - before);
}

/** A distributed Map's children leave no events, and the more of them run, the longer a decision takes. */
function costOf({ mapRuns = [] }: Pick<Decision, "mapRuns">): number {
  return mapRuns.reduce(
    (cost, { executionCounts }) => cost + Math.ceil(executionCounts.running / 50) + Math.ceil(executionCounts.total / 500),
    1,
  );
}

/** A decision; of an Express execution that has run out of time there may be no state yet. */
export type Decided = Omit<Decision, "state"> & { readonly state: ExecutionState | undefined };

/** Returns the core's decision. Pure, except that it makes the token key once. */
export function decide(engine: Engine, tx: Transaction, live: Live, stimulus: QueuedStimulus): Decided {
  const isDeleted = engine.machines.isDeleted(tx, live.machine, live.revision);
  const environment = engine.environments.of(tx, live.id, isDeleted, engine.attempts.get(live.id));
  if (isExpressOver(live, environment.nowMs)) return expressTimeout(live, environment.nowMs);
  const machine = engine.machines.compiled(tx, live.machine, live.revision);
  if (stimulus.kind === "start") {
    const started = qualifiersOf(engine.arns, live.machine, live.identity);
    return engine.core.start(machine, { input: stimulus.input, context: contextOf(engine, tx, live), started }, environment);
  }
  if (live.state === undefined) throw new Error(`execution ${live.id} was given ${stimulus.kind} before its start`);
  return engine.core.resume(machine, live.state, stimulus, environment);
}

function adopt(engine: Engine, session: Session, live: Live, decision: Decided): void {
  if (decision.nextDueMs !== undefined) checkInstant(decision.nextDueMs, `the next deadline of execution ${live.id}`);
  live.state = decision.state;
  live.dueMs = live.express === undefined ? decision.nextDueMs : Math.min(decision.nextDueMs ?? Infinity, live.startMs + expressLimitMs);
  live.outcome = decision.outcome;
  for (const event of decision.events) live.events.push(event);
  recordMapRuns(engine, session.tx, live, decision.mapRuns);
  recordChildren(engine, session.tx, live, decision.children);
  if (decision.continues) live.inbox.unshift({ kind: "continue" });
  for (const action of decision.actions) perform(engine, session, live, action);
}

/** Ends an execution whose transactions fail: it cannot go on, and must not hold up the others. */
export function abandon(engine: Engine, session: Session, live: Live, error: Error): void {
  failBy(engine, session.tx, live, error);
  session.wake(live);
}

/** Ends an execution that cannot be written as it stands; what is left of it can. */
export function abandonUnwritten(engine: Engine, session: Session, live: Live, error: Error): void {
  failBy(engine, session.tx, live, error);
  live.state = undefined;
  end(engine, session, live);
}

/** Ends the execution by the engine's own word. */
function failBy(engine: Engine, tx: Transaction, live: Live, { message }: Error): void {
  const [error, cause] = ["States.Runtime", `An error of the engine itself ended the execution: ${message}`];
  const timestampMs = engine.clock.nowMs();
  const append = (type: string, details: HistoryEvent["details"] & object): void => {
    const previousEventId = live.events.at(-1)?.id ?? (live.inMemory ? 0 : (lastEvent(tx, live.id)?.id ?? 0));
    live.events.push({ id: previousEventId + 1, previousEventId, timestampMs, type, details });
  };
  const [first] = live.inbox;
  if (first?.kind === "start") append("ExecutionStarted", { input: first.input });
  append("ExecutionFailed", { error, cause });
  live.outcome = { status: "FAILED", error, cause };
}

function end(engine: Engine, session: Session, live: Live): void {
  live.inbox = [];
  live.dueMs = undefined;
  if (live.parent && live.outcome) notifyParent(engine, session, live, live.parent, live.outcome);
}

function isExpressOver(live: Live, nowMs: number): boolean {
  return live.express !== undefined && nowMs >= live.startMs + expressLimitMs;
}

function expressTimeout(live: Live, timestampMs: number): Decided {
  const outcome = { status: "TIMED_OUT", error: "States.Timeout", cause: "Express workflows end after five minutes" } as const;
  const event = {
    id: 1,
    previousEventId: 0,
    timestampMs,
    type: "ExecutionTimedOut",
    details: { error: outcome.error, cause: outcome.cause },
  };
  return { state: live.state, events: [event], actions: [], continues: false, outcome };
}

function contextOf(engine: Engine, tx: Transaction, live: Live): ExecutionContext {
  const { roleArn } = engine.machines.revision(tx, live.machine, live.revision);
  return {
    Execution: {
      Id: arnOf(engine, live),
      Name: live.name,
      RoleArn: roleArn,
      StartTime: new Date(live.startMs).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: engine.arns.stateMachine(live.machine), Name: live.machine },
  };
}
