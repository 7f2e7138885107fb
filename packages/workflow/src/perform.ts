/** Performs what a decision asks for: at once where it is transactional, else after the commit. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Action, Stimulus } from "@serverlesspresso/states-language";
import { activityNameOf } from "./arns.ts";
import type { Engine, Session } from "./engine.ts";
import { isStoreFailure, taskFailureOf } from "./failures.ts";
import type { Integration, TaskCall } from "./integration.ts";
import { keys } from "./keys.ts";
import type { Live } from "./live.ts";
import { arnOf } from "./names.ts";
import { stopChild } from "./nested.ts";
import { integrationOf, isLambdaInvoke, unavailable } from "./registry.ts";

type TaskAction = Extract<Action, { kind: "task" }>;

/** Performs one action that the core decided, within the session's transaction; calls to the outside follow its commit. */
export function perform(engine: Engine, session: Session, live: Live, action: Action): void {
  if (action.kind === "cancel") cancel(engine, session, live, action.wait);
  else if (action.kind === "task") performTask(engine, session, live, action);
  else callOutside(session, live, action);
}

function performTask(engine: Engine, session: Session, live: Live, action: TaskAction): void {
  const { resource, wait } = action;
  const integration = resource.kind === "integration" ? integrationOf(engine.integrations(), resource) : undefined;
  if (resource.kind === "activity") scheduleActivity(engine, session, live, action);
  else if (integration?.kind === "transactional") performInside(engine, session, live, action, integration);
  else if (integration !== undefined || resource.kind === "function" || isLambdaInvoke(resource)) callOutside(session, live, action);
  else {
    const { error, cause } = unavailable(engine.integrations(), resource);
    live.inbox.push({ kind: "taskFailed", wait, error, cause });
  }
}

function performInside(
  engine: Engine,
  session: Session,
  live: Live,
  action: TaskAction,
  integration: Extract<Integration, { kind: "transactional" }>,
): void {
  const { tx } = session;
  const { wait } = action;
  const isAnsweredLater = action.resource.kind === "integration" && action.resource.pattern !== "requestResponse";
  // Open before the call, which may itself bring the result.
  // → packages/workflow/src/executions.ts: `answer`, when the token comes back.
  if (isAnsweredLater) live.open[wait] = { kind: "callback" };
  const place = live.inbox.length;
  try {
    const output = tx.savepoint(() => integration.call(tx, action.parameters as JsonObject, callOf(engine, live, action)));
    live.inbox.splice(place, 0, answerOf(action, output));
  } catch (error) {
    if (isStoreFailure(error)) throw error;
    delete live.open[wait];
    live.inbox.push({ kind: "taskFailed", wait, ...reported(engine, live, action, error) });
  }
}

/** Returns the call that an integration receives for its task. */
export function callOf(engine: Engine, live: Live, action: Action & { readonly stateName: string }): TaskCall {
  const reference = { executionId: live.id, wait: action.wait };
  return { executionArn: arnOf(engine, live), stateName: action.stateName, reference };
}

/** What a call's answer means for its execution: the result itself, or that the result will come. */
export function answerOf(action: Action, output: JsonValue): Stimulus {
  const { wait } = action;
  const resource = action.kind === "task" ? action.resource : undefined;
  const isResult = resource?.kind !== "integration" || resource.pattern === "requestResponse";
  return isResult ? { kind: "taskSucceeded", wait, output } : { kind: "taskSubmitted", wait, output };
}

/** The failure a task ends with. What no integration foresaw is reported too. */
export function reported(
  engine: Engine,
  live: Pick<Live, "machine" | "name" | "express">,
  action: Action,
  thrown: unknown,
): { readonly error: string; readonly cause: string } {
  const { error, cause, expected } = taskFailureOf(thrown);
  if (!expected) engine.onError(thrown, `${action.kind} in ${arnOf(engine, live)}`);
  return { error, cause };
}

function callOutside(session: Session, live: Live, action: Action): void {
  session.setOpen(live, action.wait, { kind: "external", action });
  // → packages/workflow/src/after-commit.ts begins the call once this is durable.
  live.starts.push(action.wait);
}

function scheduleActivity(engine: Engine, session: Session, live: Live, action: TaskAction): void {
  const { arn } = action.resource as { readonly arn: string };
  const activity = activityNameOf(arn);
  if (session.tx.get(keys.activity(activity)) === undefined) {
    const cause = `The activity ${arn} does not exist.`;
    live.inbox.push({ kind: "taskFailed", wait: action.wait, error: "States.Runtime", cause, unscheduled: true });
    return;
  }
  session.setOpen(live, action.wait, { kind: "activity", activity, input: action.parameters });
  session.tx.put(keys.activityTask(activity, live.id, action.wait), 1);
  session.tx.afterCommit(() => engine.after.wakeActivity(activity));
}

function cancel(engine: Engine, session: Session, live: Live, wait: number): void {
  const open = live.open[wait];
  session.setOpen(live, wait, undefined);
  live.starts = live.starts.filter((other) => other !== wait);
  if (open?.kind === "child") stopChild(session, open.executionId);
  if (open?.kind === "activity" && !open.taken) session.tx.delete(keys.activityTask(open.activity, live.id, wait));
  if (open?.kind === "external") session.tx.afterCommit(() => engine.after.abortCall(live.id, wait));
}
