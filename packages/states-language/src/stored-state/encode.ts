/** Encodes an execution to its stored form, whole or as a head (K1 to K3 of form.ts). */
import type { JsonValue } from "@serverlesspresso/ports";
import type { ChildExecution, ChildNote, Children, ExecutionState, Iterations, RunningTask, Scope } from "../execution-state.ts";
import {
  letters,
  type StoredChildren,
  type StoredExecution,
  type StoredNote,
  type StoredRoot,
  type StoredScope,
  type StoredScopes,
  type StoredState,
} from "./form.ts";

/** Says what is in parts, and so not in the head (K3). */
export interface Apart {
  /** Returns true if the members of these children are in parts. */
  hasParts(children: Children): boolean;
  /** Returns true if a value is in a part of its own. */
  isLarge(value: JsonValue | undefined): boolean;
}

/** Encodes an execution, whole or as a head. */
export function encodeState(state: ExecutionState, apart?: Apart): StoredState {
  const { context, input, newestEventId, newestWait } = state;
  const stored: StoredRoot = {
    x: context,
    ...(input !== undefined && !apart?.isLarge(input) && { i: input }),
    n: newestEventId,
    w: newestWait,
  };
  if (state.kind === "ended") {
    if (state.stood) stored.z = encodeScope(state.stood);
  } else {
    stored.q = encodeScope(state.scope, apart);
    if (state.deadlineMs !== undefined) stored.d = state.deadlineMs;
  }
  return stored as unknown as StoredState;
}

/** Encodes a scope and what lies within it, or its head. */
export function encodeScope(scope: Scope, apart?: Apart): StoredScope {
  const { input, variables, execution } = scope;
  const stored: StoredScope = { s: scope.state, k: letters[scope.kind], h: scope.newestEventId };
  const hasParts = apart !== undefined && "children" in scope && apart.hasParts(scope.children);
  if (input !== undefined && !(hasParts && apart.isLarge(input))) stored.i = input;
  if (variables && !(hasParts && apart.isLarge(variables))) stored.v = variables;
  if (scope.kind !== "entering") {
    stored.e = scope.entered.eventId;
    stored.t = scope.entered.atMs;
  }
  if ("attempts" in scope && scope.attempts.length > 0) stored.r = scope.attempts;
  if ("wait" in scope) stored.w = scope.wait;
  if (scope.kind === "waiting") stored.d = scope.untilMs;
  else if (scope.kind === "retrying") stored.d = scope.dueMs;
  else if (scope.kind === "runningTask") encodeLimits(scope, stored);
  if ("children" in scope) stored.c = hasParts ? encodeHead(scope.children) : encodeChildren(scope.children, apart);
  if (execution) {
    stored.x = encodeExecution(execution);
    stored.n = execution.newestEventId;
  }
  return stored;
}

function encodeLimits({ deadlineMs, heartbeat, activityTimeoutSeconds }: RunningTask, stored: StoredScope): void {
  if (heartbeat) stored.bs = heartbeat.seconds;
  if (activityTimeoutSeconds !== undefined) stored.ds = activityTimeoutSeconds;
  if (deadlineMs !== undefined) stored.d = deadlineMs;
  if (heartbeat?.dueMs !== undefined) stored.b = heartbeat.dueMs;
}

function encodeExecution({ name, startMs, input, redrives, wasStopped }: ChildExecution): StoredExecution {
  return {
    nm: name,
    t: startMs,
    ...(input !== undefined && { i: input }),
    ...(redrives && { rd: redrives.count, rt: redrives.redriveMs }),
    ...(wasStopped && { ab: true }),
  };
}

function encodeChildren(children: Children, apart: Apart | undefined): StoredChildren {
  const { count, next, live, outputs, stood, toGoOn } = children;
  const stored: StoredChildren = { n: count, x: next, l: encodeScopes(live, apart), o: outputs };
  if (children.of === "Map") {
    encodeBounds(children, stored);
    if (children.items) stored.it = children.items;
    if (children.notes) stored.w = children.notes.map(encodeNote);
  }
  if (stood) stored.z = encodeScopes(stood);
  if (toGoOn) stored.y = encodeScopes(toGoOn);
  return stored;
}

function encodeHead(children: Children): StoredChildren {
  const { count, next, outputs, stood, toGoOn } = children;
  const stored: StoredChildren = { n: count, x: next, l: {}, o: [] };
  if (children.of === "Map") encodeBounds(children, stored);
  if (stood) stored.z = {};
  if (toGoOn) stored.y = {};
  stored.p = [outputs.length, (children.of === "Map" ? children.notes?.length : undefined) ?? -1];
  return stored;
}

function encodeBounds({ concurrency, toleratedCount, toleratedPercentage, run }: Iterations, stored: StoredChildren): void {
  stored.m = concurrency;
  if (toleratedCount !== undefined) stored.tc = toleratedCount;
  if (toleratedPercentage !== undefined) stored.tp = toleratedPercentage;
  if (!run) return;
  stored.a = run.arn;
  if (run.failures > 0) stored.f = run.failures;
  if (run.redriveCount > 0) stored.rd = run.redriveCount;
  if (run.resultsLieOutside) stored.wd = true;
}

function encodeScopes(scopes: Readonly<Record<string, Scope>>, apart?: Apart): StoredScopes {
  const stored: StoredScopes = {};
  for (const index in scopes) stored[index] = encodeScope(scopes[index] as Scope, apart);
  return stored;
}

/** Encodes what a ResultWriter writes about a child. */
export function encodeNote({ startMs, stopMs, input, name }: ChildNote): StoredNote {
  return name === undefined ? [startMs, stopMs, input] : [startMs, stopMs, input, name];
}
