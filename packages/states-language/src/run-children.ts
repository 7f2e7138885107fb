/** Runs the children of Parallel and Map states. */
import type { JsonValue } from "@serverlesspresso/ports";
import { endChild, reportPending } from "./child-executions.ts";
import { StateFailure } from "./errors.ts";
import {
  attemptsOf,
  type Children,
  childrenOf,
  entryOf,
  fill,
  isDone,
  mapRunOf,
  type Scope,
  type StandingStill,
  type Stood,
  waitOf,
} from "./execution-state.ts";
import { details, type Fault, isFatal } from "./faults.ts";
import type { Completion, MapState, ParallelState } from "./machine.ts";
import { hasEnded, reportMapRun } from "./map-run.ts";
import { addChild, become, childNode, type Node, ownChildren, ownIterations, programIn, runChildren, stateOf } from "./node.ts";
import { emit, frameOf, type Run } from "./run.ts";
import { afterIteration, iterationFailed, launch, mapDone, reopen } from "./run-map.ts";
import { standing } from "./standing.ts";

/** Starts all branches of a Parallel state. Returns its completion if it has no branches. */
export function startParallel(run: Run, node: Node, state: ParallelState): Completion | undefined {
  const input = state.prepare(frameOf(run, node));
  emit(run, node, "ParallelStateStarted");
  const { length: count } = state.branches;
  runChildren(node, run.root, { of: "Parallel", count, next: count, live: {}, outputs: [], stood: undefined, toGoOn: undefined });
  for (let index = 0; index < state.branches.length; index++) run.queue.push(addChild(node, index, input));
  return state.branches.length === 0 ? parallelDone(run, node, state) : undefined;
}

function parallelDone(run: Run, node: Node, state: ParallelState): Completion {
  const { outputs } = ownChildren(node);
  const before = node.scope.newestEventId;
  emit(run, node, "ParallelStateSucceeded");
  node.scope.newestEventId = before;
  return state.complete(frameOf(run, node), outputs);
}

/** Ends a branch or iteration with `output`. Returns the completion of the state if it was the last. */
export function childSucceeded(run: Run, parent: Node, child: Node, output: JsonValue): Completion | undefined {
  const state = stateOf(parent);
  const children = ownChildren(parent);
  fill(children, child.index, output);
  if (child.execution === child) endChild(run, child, { status: "SUCCEEDED", output });
  else parent.scope.newestEventId = child.scope.newestEventId;
  if (state.type === "Map") {
    if (!state.distributed) emit(run, child, "MapIterationSucceeded", { name: state.name, index: child.index });
    return afterIteration(run, parent, state, child);
  }
  delete children.live[child.index];
  return isDone(children) && state.type === "Parallel" ? parallelDone(run, parent, state) : undefined;
}

/** Returns true once no child is left, apart from failures that a distributed Map tolerates. */
export function isOver(children: Children): boolean {
  return isDone(children) && (children.stood === undefined || mapRunOf(children) !== undefined);
}

/**
 * Ends a branch or iteration that failed. A distributed Map tolerates failures within its thresholds.
 * @throws {StateFailure} if the failure is not tolerated: the whole state fails with it
 */
export function childFailed(
  run: Run,
  parent: Node,
  child: Node,
  { fault, at }: { readonly fault: Fault; readonly at: Stood },
): Completion | undefined {
  const state = stateOf(parent);
  const children = ownChildren(parent);
  children.stood ??= {};
  if (state.type === "Map" && state.distributed) {
    endChild(run, child, { status: "FAILED", ...details(fault) });
    children.stood[child.index] = numbered(at, child);
    return iterationFailed(run, parent, state, child, fault);
  }
  children.stood[child.index] = at;
  parent.scope.newestEventId = child.scope.newestEventId;
  if (state.type === "Map" && !isFatal(fault)) emit(run, child, "MapIterationFailed", { name: state.name, index: child.index });
  delete children.live[child.index];
  throw new StateFailure(fault.error, fault.cause, fault.alias === undefined ? {} : { alias: fault.alias });
}

/** Returns where a child stood, with its newest event id. */
function numbered<S extends Scope>(at: S, { scope: { execution } }: Node): S {
  return at.execution && execution ? { ...at, execution: { ...at.execution, newestEventId: execution.newestEventId } } : at;
}

/** Stops a child of a distributed Map (StopExecution); it counts as failed. @throws {StateFailure} if that exceeds the thresholds */
export function abortChild(run: Run, parent: Node, child: Node, told: Pick<Fault, "error" | "cause">): Completion | undefined {
  const state = stateOf(parent) as MapState;
  const children = ownChildren(parent);
  const { scope } = child;
  const stood = standing(scope, abort(run, child));
  endChild(run, child, { status: "ABORTED", ...details(told) });
  children.stood ??= {};
  children.stood[child.index] = numbered({ ...stood, execution: stood.execution && { ...stood.execution, wasStopped: true } }, child);
  return iterationFailed(run, parent, state, child, { ...told, alias: undefined });
}

/** Continues the children in a redrive (R2). Returns the completion of the state if no child is left to run. */
export function goOnWithChildren(run: Run, node: Node, state: ParallelState | MapState, scope: StandingStill): Completion | undefined {
  const children = ownChildren(node);
  children.toGoOn = children.stood ?? {};
  children.stood = undefined;
  become(node, run.root, { ...scope, kind: "runningChildren", attempts: [] });
  if (state.type === "Parallel") {
    for (const index of Object.keys(children.toGoOn)) reopen(run, node, Number(index));
    children.toGoOn = undefined;
    return isDone(children) ? parallelDone(run, node, state) : undefined;
  }
  redriveMapRun(run, node);
  launch(run, node, state);
  if (state.distributed && !state.express) reportPending(run, node, children.toGoOn);
  reportMapRun(run, node, "RUNNING");
  return isDone(children) ? mapDone(run, node, state) : undefined;
}

function redriveMapRun(run: Run, node: Node): void {
  const iterations = ownIterations(node);
  const { run: mapRun } = iterations;
  if (!mapRun) return;
  const redriveCount = mapRun.redriveCount + 1;
  iterations.run = { ...mapRun, redriveCount };
  emit(run, node, "MapRunRedriven", { mapRunArn: mapRun.arn, redriveCount });
}

/**
 * Ends everything that still runs below a node: cancels its waits and reports its states and iterations as aborted.
 * Returns the children as they stood. `mapRun` is the status of its Map run, unless the decision has reported one; `isTold` adds events.
 */
export function abortChildren(run: Run, node: Node, mapRun: "FAILED" | "ABORTED" = "FAILED", isTold = true): Children | undefined {
  const children = childrenOf(node.scope);
  if (!children) return undefined;
  const state = stateOf(node);
  const stood = { ...children.live };
  for (const [index, scope] of Object.entries(children.live)) {
    const child = childNode(node, Number(index), { ...scope }, null, programIn(state, Number(index)));
    const isExecution = child.execution === child;
    const below = abort(run, child, isTold || isExecution);
    if (isExecution) endChild(run, child, { status: "ABORTED" });
    else if (state.type === "Map" && isTold) emit(run, child, "MapIterationAborted", { name: state.name, index: Number(index) });
    stood[index] = numbered(withChildren(scope, below), child);
  }
  if (mapRunOf(children) !== undefined && !hasEnded(run, node)) {
    reportMapRun(run, node, mapRun);
    if (isTold) emit(run, node, mapRun === "FAILED" ? "MapRunFailed" : "MapRunAborted");
  }
  leaveChildren(run, node);
  return { ...children, live: stood };
}

function withChildren(scope: Scope, children: Children | undefined): Scope {
  return children && "children" in scope ? { ...scope, children } : scope;
}

/** Removes the children of a node. */
function leaveChildren(run: Run, node: Node): void {
  const { state, input, variables, newestEventId, execution } = node.scope;
  const entered = entryOf(node.scope);
  if (!entered) return;
  become(node, run.root, {
    kind: "entered",
    state,
    input,
    variables,
    newestEventId,
    execution,
    entered,
    attempts: attemptsOf(node.scope),
  });
}

/** Aborts a scope and cancels its wait. Returns its children as they stood. `isTold` adds events. */
export function abort(run: Run, node: Node, isTold = true): Children | undefined {
  const { scope } = node;
  const wait = waitOf(scope);
  const stood = abortChildren(run, node, "ABORTED", isTold);
  if (wait !== undefined) run.actions.push({ kind: "cancel", wait });
  if (scope.kind !== "entering" && isTold) emit(run, node, `${stateOf(node).type}StateAborted`);
  return stood;
}

/** Adds the failed event of a Map or Parallel state that has started; a failure before the start has no event. */
export function emitFailed(run: Run, node: Node, started: boolean): void {
  const { type } = stateOf(node);
  if (started && (type === "Map" || type === "Parallel")) emit(run, node, `${type}StateFailed`);
}
