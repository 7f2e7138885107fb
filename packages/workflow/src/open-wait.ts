/** The open wait of a task token: X3 of executions.ts. */
import { EvaluationPending } from "@serverlesspresso/states-language";
import type { Transaction } from "@serverlesspresso/store";
import type { Engine, Session } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { keys } from "./keys.ts";
import type { Live } from "./live.ts";
import { decide } from "./transition.ts";

/** An execution and what it waits for. */
export interface OpenWaitOfToken {
  readonly live: Live;
  readonly wait: number;
}

/** Returns the wait of a token while it is open. @throws {WorkflowError} `InvalidToken`, `TaskDoesNotExist`, `TaskTimedOut` */
export function openWaitOf(engine: Engine, session: Session, taskToken: string): OpenWaitOfToken {
  const { tx } = session;
  const { executionId, wait } = engine.tokens.read(tx, taskToken);
  const live = session.load(executionId);
  const open = live?.open[wait];
  if (live === undefined && !session.knows(executionId) && tx.get(keys.closed(executionId)) === undefined) {
    throw new WorkflowError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
  }
  if (live === undefined || open === undefined || isOver(engine, tx, live, wait)) {
    throw new WorkflowError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }
  return { live, wait };
}

/** Returns whether the deadlines that have passed end this wait, found out by asking what would follow. */
function isOver(engine: Engine, tx: Transaction, live: Live, wait: number): boolean {
  if (live.dueMs === undefined || live.dueMs > engine.clock.nowMs()) return false;
  try {
    const { outcome, actions } = decide(engine, tx, live, { kind: "timeReached" });
    return outcome !== undefined || actions.some((action) => action.kind === "cancel" && action.wait === wait);
  } catch (error) {
    // Not known yet: refusing changes nothing, and by the next try it is known.
    if (error instanceof EvaluationPending) return true;
    throw error;
  }
}
