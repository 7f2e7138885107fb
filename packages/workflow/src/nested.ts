/** Executions that wait for executions: `states:startExecution.sync`. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Outcome } from "@serverlesspresso/states-language";
import type { Engine, Session } from "./engine.ts";
import { inputOf } from "./history.ts";
import type { TaskReference } from "./integration.ts";
import type { ExecutionId } from "./keys.ts";
import type { Live } from "./live.ts";
import { arnOf } from "./names.ts";

/** Hands a nested execution's end to the task that waits for it. */
export function notifyParent(engine: Engine, session: Session, child: Live, reference: TaskReference, outcome: Outcome): void {
  const { wait } = reference;
  const parent = session.load(reference.executionId);
  const open = parent?.open[wait];
  if (parent === undefined || open?.kind !== "child") return;
  const description = describeChild(engine, session, child, outcome, open.parsed);
  if (outcome.status === "SUCCEEDED") session.settle(parent, wait, { kind: "taskSucceeded", wait, output: description });
  else session.settle(parent, wait, { kind: "taskFailed", wait, error: "States.TaskFailed", cause: JSON.stringify(description) });
}

/** Stops a nested execution whose result is needed no longer. */
export function stopChild(session: Session, id: ExecutionId): void {
  const child = session.load(id);
  if (child !== undefined) session.enqueue(child, { kind: "abort" });
}

/** As `.sync` answers it; with `.sync:2` input and output are values, not texts. */
function describeChild(engine: Engine, session: Session, child: Live, outcome: Outcome, parsed: boolean): JsonObject {
  const shape = (value: JsonValue): JsonValue => (parsed ? value : JSON.stringify(value));
  const ending: JsonObject =
    outcome.status === "SUCCEEDED"
      ? { Output: shape(outcome.output), OutputDetails: { Included: true } }
      : { ...(outcome.error !== undefined && { Error: outcome.error }), ...(outcome.cause !== undefined && { Cause: outcome.cause }) };
  const { redrives } = child.identity;
  const described: JsonObject = {
    ExecutionArn: arnOf(engine, child),
    Input: shape(child.input ?? inputOf(session.tx, child.id)),
    InputDetails: { Included: true },
    Name: child.name,
    ...ending,
    StartDate: child.startMs,
    StateMachineArn: engine.arns.stateMachine(child.machine),
    Status: outcome.status,
    StopDate: Math.max(engine.clock.nowMs(), child.startMs),
    RedriveCount: redrives?.count ?? 0,
    ...(redrives && { RedriveDate: redrives.redriveMs }),
    ...(outcome.status === "SUCCEEDED"
      ? { RedriveStatus: "NOT_REDRIVABLE", RedriveStatusReason: "Execution is SUCCEEDED and cannot be redriven" }
      : { RedriveStatus: "REDRIVABLE" }),
    ...(child.identity.version !== undefined && { StateMachineVersionArn: engine.arns.qualified(child.machine, child.identity.version) }),
    ...(child.identity.alias !== undefined && { StateMachineAliasArn: engine.arns.qualified(child.machine, child.identity.alias) }),
  };
  // AWS writes its members in the order of their names.
  return Object.fromEntries(Object.entries(described).sort(([one], [other]) => (one < other ? -1 : 1)));
}
