/** Parallel and Map states: children begin, end and fail. */
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

/** Begins a Parallel: all of its branches at once. */
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

/** A branch or iteration ended with `output`; answers the state's completion once it was the last. */
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
 * A branch or iteration failed. A distributed Map tolerates what its thresholds allow.
 * @throws {StateFailure} with which the whole state fails
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

/** Where a child stood, with the events it has had since. */
function numbered<S extends Scope>(at: S, { scope: { execution } }: Node): S {
  return at.execution && execution ? { ...at, execution: { ...at.execution, newestEventId: execution.newestEventId } } : at;
}

/** StopExecution of a child of a distributed Map: it counts as one that failed. @throws {StateFailure} where that is one too many */
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

/** Redrive: the children that had begun and not ended go on, those that had not begun begin; where nothing is left to do, the state is done. */
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
 * Ends everything that still runs below a node: its waits are cancelled, its states and iterations reported as aborted.
 * Returns the children as they stood. `mapRun`: the end of its Map run, unless the decision has reported one. `isTold`: with events.
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

/** From here on the node has no children. */
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

/** Ends what a scope waits for. Returns its children as they stood. */
export function abort(run: Run, node: Node, isTold = true): Children | undefined {
  const { scope } = node;
  const wait = waitOf(scope);
  const stood = abortChildren(run, node, "ABORTED", isTold);
  if (wait !== undefined) run.actions.push({ kind: "cancel", wait });
  if (scope.kind !== "entering" && isTold) emit(run, node, `${stateOf(node).type}StateAborted`);
  return stood;
}

/** A failure before anything ran has no event of its own; JSONata's and those of children have. */
export function emitFailed(run: Run, node: Node, started: boolean): void {
  const { type } = stateOf(node);
  if (started && (type === "Map" || type === "Parallel")) emit(run, node, `${type}StateFailed`);
}
