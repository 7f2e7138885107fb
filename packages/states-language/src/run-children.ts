/** Parallel and Map states: children begin, end and fail. */
import type { JsonValue } from "@serverlesspresso/ports";
import { endChild, reportPending } from "./child-executions.ts";
import { StateFailure } from "./errors.ts";
import { details, type Fault, isFatal } from "./faults.ts";
import type { Completion, MapState, ParallelState } from "./machine.ts";
import { hasEnded, reportMapRun } from "./map-run.ts";
import { emit, frameOf, type Run } from "./run.ts";
import { afterIteration, iterationFailed, launch, mapDone, reopen } from "./run-map.ts";
import {
  addChild,
  type Children,
  childNode,
  fill,
  isDone,
  type Node,
  ownChildren,
  programIn,
  type Scope,
  setChildren,
  standing,
  stateOf,
} from "./scope.ts";

export function startParallel(run: Run, node: Node, state: ParallelState): Completion | undefined {
  const input = state.prepare(frameOf(run, node));
  emit(run, node, "ParallelStateStarted");
  node.scope.k = "C";
  setChildren(node, { n: state.branches.length, x: state.branches.length, l: {}, o: [] });
  for (let index = 0; index < state.branches.length; index++) run.queue.push(addChild(node, index, input));
  return state.branches.length === 0 ? parallelDone(run, node, state) : undefined;
}

function parallelDone(run: Run, node: Node, state: ParallelState): Completion {
  const { o: outputs } = ownChildren(node);
  const before = node.scope.h;
  emit(run, node, "ParallelStateSucceeded");
  node.scope.h = before;
  return state.complete(frameOf(run, node), outputs);
}

/** A branch or iteration ended with `output`; answers the state's completion once it was the last. */
export function childSucceeded(run: Run, parent: Node, child: Node, output: JsonValue): Completion | undefined {
  const state = stateOf(parent);
  const children = ownChildren(parent);
  fill(children, child.index, output);
  if (child.execution === child) endChild(run, child, { status: "SUCCEEDED", output });
  else parent.scope.h = child.scope.h;
  if (state.type === "Map") {
    if (!state.distributed) emit(run, child, "MapIterationSucceeded", { name: state.name, index: child.index });
    return afterIteration(run, parent, state, child);
  }
  delete children.l[child.index];
  return isDone(children) && state.type === "Parallel" ? parallelDone(run, parent, state) : undefined;
}

/** True once no child is left, but for failures that a distributed Map tolerates. */
export function isOver(children: Children): boolean {
  return isDone(children) && (children.z === undefined || children.a !== undefined);
}

/**
 * A branch or iteration failed. A distributed Map tolerates what its thresholds allow.
 * @throws {StateFailure} with which the whole state fails
 */
export function childFailed(
  run: Run,
  parent: Node,
  child: Node,
  { fault, at }: { readonly fault: Fault; readonly at: Scope },
): Completion | undefined {
  const state = stateOf(parent);
  const children = ownChildren(parent);
  children.z ??= {};
  if (state.type === "Map" && state.distributed) {
    endChild(run, child, { status: "FAILED", ...details(fault) });
    children.z[child.index] = numbered(at, child);
    return iterationFailed(run, parent, state, child, fault);
  }
  children.z[child.index] = at;
  parent.scope.h = child.scope.h;
  if (state.type === "Map" && !isFatal(fault)) emit(run, child, "MapIterationFailed", { name: state.name, index: child.index });
  delete children.l[child.index];
  throw new StateFailure(fault.error, fault.cause, fault.alias === undefined ? {} : { alias: fault.alias });
}

/** Where a child stood, with the events it has had since. */
function numbered(at: Scope, { scope: { n } }: Node): Scope {
  return n === undefined ? at : { ...at, n };
}

/** StopExecution of a child of a distributed Map: it counts as one that failed. @throws {StateFailure} where that is one too many */
export function abortChild(run: Run, parent: Node, child: Node, told: Pick<Fault, "error" | "cause">): Completion | undefined {
  const state = stateOf(parent) as MapState;
  const children = ownChildren(parent);
  const stood = standing(child.scope, abort(run, child));
  endChild(run, child, { status: "ABORTED", ...details(told) });
  children.z ??= {};
  children.z[child.index] = numbered({ ...stood, ...(stood.x && { x: { ...stood.x, ab: true } }) }, child);
  return iterationFailed(run, parent, state, child, { ...told, alias: undefined });
}

/** Redrive: the children that had begun and not ended go on, those that had not begun begin; where nothing is left to do, the state is done. */
export function goOnWithChildren(run: Run, node: Node, state: ParallelState | MapState): Completion | undefined {
  const children = ownChildren(node);
  const { a: mapRun, z: stood = {} } = children;
  delete children.z;
  children.y = stood;
  node.scope.k = "C";
  if (state.type === "Parallel") {
    for (const index of Object.keys(stood)) reopen(run, node, Number(index));
    delete children.y;
    return isDone(children) ? parallelDone(run, node, state) : undefined;
  }
  if (mapRun !== undefined) {
    children.rd = (children.rd ?? 0) + 1;
    emit(run, node, "MapRunRedriven", { mapRunArn: mapRun, redriveCount: children.rd });
  }
  launch(run, node, state);
  if (state.distributed && !state.express) reportPending(run, node, children.y ?? {});
  reportMapRun(run, node, "RUNNING");
  return isDone(children) ? mapDone(run, node, state) : undefined;
}

/**
 * Ends everything that still runs below a node: its waits are cancelled, its states and iterations reported as aborted.
 * `mapRun`: how its Map run ended, where nobody has said. `isTold`: with events. Answers the children as they stood.
 */
export function abortChildren(run: Run, node: Node, mapRun: "FAILED" | "ABORTED" = "FAILED", isTold = true): Children | undefined {
  const children = node.scope.c;
  if (!children) return undefined;
  const state = stateOf(node);
  const stood = { ...children.l };
  for (const [index, scope] of Object.entries(children.l)) {
    const child = childNode(node, Number(index), { ...scope }, null, programIn(state, Number(index)));
    const isExecution = child.execution === child;
    const below = abort(run, child, isTold || isExecution);
    if (isExecution) endChild(run, child, { status: "ABORTED" });
    else if (state.type === "Map" && isTold) emit(run, child, "MapIterationAborted", { name: state.name, index: Number(index) });
    stood[index] = { ...scope, ...(below && { c: below }), ...(child.scope.n !== undefined && { n: child.scope.n }) };
  }
  if (children.a !== undefined && !hasEnded(run, node)) {
    reportMapRun(run, node, mapRun);
    if (isTold) emit(run, node, mapRun === "FAILED" ? "MapRunFailed" : "MapRunAborted");
  }
  delete node.scope.c;
  return { ...children, l: stood };
}

/** Ends what a scope waits for. Answers its children as they stood. */
export function abort(run: Run, node: Node, isTold = true): Children | undefined {
  const stood = abortChildren(run, node, "ABORTED", isTold);
  const { scope } = node;
  if (scope.w !== undefined) run.actions.push({ kind: "cancel", wait: scope.w });
  if (scope.k !== "E" && isTold) emit(run, node, `${stateOf(node).type}StateAborted`);
  return stood;
}

/** A failure before anything ran has no event of its own; JSONata's and those of children have. */
export function emitFailed(run: Run, node: Node, started: boolean): void {
  const { type } = stateOf(node);
  if (started && (type === "Map" || type === "Parallel")) emit(run, node, `${type}StateFailed`);
}
