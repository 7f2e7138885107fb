/** Map states: their items, iterations and results. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { redriveChild, startChild } from "./child-executions.ts";
import { StateFailure } from "./errors.ts";
import type { Fault } from "./faults.ts";
import { isObject } from "./frame.ts";
import type { Completion, MapState } from "./machine.ts";
import { makeBatches } from "./map-batches.ts";
import { distributedConcurrency, isTolerated, mostLive, noteEnd, noteStart, reportMapRun, resultsOf } from "./map-run.ts";
import { emit, frameOf, itemsOf, nextWait, type Run } from "./run.ts";
import { addChild, type Children, fill, isDone, type Node, openPath, ownChildren, type Scope, setChildren, stateOf } from "./scope.ts";

const inlineConcurrency = 40;

/** Begins a Map: its items are in its input, or are read first. */
export function startMap(run: Run, node: Node, state: MapState): Completion | undefined {
  const frame = frameOf(run, node);
  if (!state.reader) {
    const items = state.items({ ...frame, input: state.prepare(frame) }) as readonly JsonValue[];
    return startItems(run, node, state, items);
  }
  const wait = nextWait(run);
  // AWS says so before the items are known, and does not say it again.
  emit(run, node, "MapStateStarted", { length: 0 });
  const reader = state.reader({ ...frame, input: state.prepare(frame) }) as JsonObject;
  node.scope.k = "I";
  node.scope.w = wait;
  run.actions.push({ kind: "readItems", wait, stateName: state.name, reader });
  return undefined;
}

/** The items of an ItemReader have come. */
export function itemsRead(run: Run, node: Node, state: MapState, output: JsonValue): Completion | undefined {
  delete node.scope.w;
  if (!Array.isArray(output)) throw new StateFailure("States.ItemReaderFailed", "Attempting to map over non-iterable node.");
  const limit = state.maxItems?.(frameOf(run, node));
  return startItems(run, node, state, limit === undefined ? (output as readonly JsonValue[]) : output.slice(0, limit));
}

function startItems(run: Run, node: Node, state: MapState, items: readonly JsonValue[]): Completion | undefined {
  if (!state.reader) emit(run, node, "MapStateStarted", { length: items.length });
  const frame = frameOf(run, node);
  const selected = { ...frame, input: state.prepare(frame) };
  const concurrency = state.maxConcurrency(selected) || (state.distributed ? distributedConcurrency : inlineConcurrency);
  const [count, percentage] = [state.toleratedCount(selected), state.toleratedPercentage(selected)];
  const parts = state.batcher ? makeBatches(run, node, state, state.batcher, items) : items;
  const kept = state.language === "JSONata" || state.reader || state.batcher;
  const children: Children = { n: parts.length, x: 0, l: {}, o: [], m: concurrency, ...(kept && { it: parts }) };
  if (count !== undefined) children.tc = count;
  if (percentage !== undefined) children.tp = percentage;
  if (state.distributed) startMapRun(run, node, state, children);
  if (state.writer) children.w = [];
  node.scope.k = "C";
  setChildren(node, children);
  launch(run, node, state);
  reportMapRun(run, node, "RUNNING");
  return parts.length === 0 ? mapDone(run, node, state) : undefined;
}

function startMapRun(run: Run, node: Node, state: MapState, children: Children): void {
  const machine = run.root.x.StateMachine.Id.replace(":stateMachine:", ":mapRun:");
  children.a = `${machine}/${state.label ?? run.env.uuid()}:${run.env.uuid()}`;
  emit(run, node, "MapRunStarted", { mapRunArn: children.a });
}

/** Starts iterations up to the Map's concurrency: first those that a redrive takes up again. */
export function launch(run: Run, node: Node, state: MapState): void {
  const children = ownChildren(node);
  const again = Object.keys(children.y ?? {}).map(Number);
  if (again.length === 0 && children.x >= children.n) return;
  const items = itemsOf(run, node);
  const most = Math.min(children.m ?? inlineConcurrency, mostLive);
  for (let live = Object.keys(children.l).length; live < most; live++) {
    const index = again.shift() ?? children.x;
    if (index >= children.n) return;
    if (index < children.x && !state.express) reopen(run, node, index);
    else begin(run, node, state, index, items[index] as JsonValue);
    delete children.y?.[index];
    if (index === children.x) children.x++;
  }
}

function begin(run: Run, node: Node, state: MapState, index: number, item: JsonValue): void {
  const input = inputOf(run, node, state, index, item);
  const child = addChild(node, index, input);
  if (state.distributed) startChild(run, child);
  else emit(run, child, "MapIterationStarted", { name: state.name, index });
  noteStart(ownChildren(node), index, input, run.env.nowMs, child.scope.x?.nm);
  run.queue.push(child);
}

/** Redrive: lets a child go on from where it stood. */
export function reopen(run: Run, node: Node, index: number): void {
  const children = ownChildren(node);
  children.l[index] = children.y?.[index] as Scope;
  const child = openPath(node, [index]);
  const state = stateOf(node);
  if (state.type === "Map" && state.distributed) redriveChild(run, child);
  else {
    child.scope.h = node.scope.h;
    if (state.type === "Map") emit(run, child, "MapIterationStarted", { name: state.name, index });
  }
  run.queue.push(child);
}

function inputOf(run: Run, node: Node, state: MapState, index: number, item: JsonValue): JsonValue {
  // A batch was made of selected items already.
  if (!state.selector || state.batcher) return item;
  const frame = frameOf(run, node, { item: { Index: index, Value: item } });
  return state.selector({ ...frame, input: state.prepare(frame) });
}

/** An iteration has ended, with a result or a failure that is tolerated; the next may begin. Answers the state's completion after the last. */
export function afterIteration(run: Run, parent: Node, state: MapState, child: Node): Completion | undefined {
  const children = ownChildren(parent);
  delete children.l[child.index];
  noteEnd(children, child.index, run.env.nowMs);
  launch(run, parent, state);
  reportMapRun(run, parent, "RUNNING");
  if (!isDone(children)) return undefined;
  if (!state.distributed) parent.scope.h = Math.max(parent.scope.h, child.scope.h);
  return mapDone(run, parent, state);
}

/** Every iteration has ended: the results are written, or are the state's. */
export function mapDone(run: Run, node: Node, state: MapState): Completion | undefined {
  if (state.writer) return writeResults(run, node, state, state.writer(frameOf(run, node)) as JsonObject);
  const { o: outputs, a: mapRun } = ownChildren(node);
  if (mapRun !== undefined) mapRunSucceeded(run, node);
  return mapSucceeded(run, node, state, outputs);
}

function mapRunSucceeded(run: Run, node: Node): void {
  emit(run, node, "MapRunSucceeded");
  reportMapRun(run, node, "SUCCEEDED");
}

function mapSucceeded(run: Run, node: Node, state: MapState, result: JsonValue): Completion {
  const before = node.scope.h;
  emit(run, node, "MapStateSucceeded");
  node.scope.h = before;
  return state.complete(frameOf(run, node), result);
}

function writeResults(run: Run, node: Node, state: MapState, writer: JsonObject): undefined {
  const wait = nextWait(run);
  node.scope.k = "O";
  node.scope.w = wait;
  const children = ownChildren(node);
  const told = { mapRunArn: children.a ?? "", children: resultsOf(children) };
  run.actions.push({ kind: "writeResults", wait, stateName: state.name, writer, ...told });
}

/** The results of a ResultWriter are written: they are the state's result, with the map run's ARN. */
export function resultsWritten(run: Run, node: Node, state: MapState, output: JsonValue): Completion {
  const mapRun = node.scope.c?.a;
  if (isObject(output) && output.ResultWriterDetails !== undefined) ownChildren(node).wd = true;
  if (mapRun !== undefined) mapRunSucceeded(run, node);
  const result =
    isObject(output) && mapRun !== undefined && !Object.hasOwn(output, "MapRunArn") ? { MapRunArn: mapRun, ...output } : output;
  return mapSucceeded(run, node, state, result);
}

/** A child of a distributed Map failed. @throws {StateFailure} where that is one too many */
export function iterationFailed(run: Run, parent: Node, state: MapState, child: Node, fault: Fault): Completion | undefined {
  const children = ownChildren(parent);
  children.f = (children.f ?? 0) + 1;
  fill(children, child.index, { Error: fault.error ?? null, Cause: fault.cause ?? null });
  const { f: failed, tc: count, tp: percentage, n: total } = children;
  if (isTolerated(failed, total, { count, percentage })) return afterIteration(run, parent, state, child);
  delete children.l[child.index];
  const cause = "The specified tolerated failure threshold was exceeded";
  mapRunFailed(run, parent, "States.ExceedToleratedFailureThreshold", cause);
  throw new StateFailure("States.ExceedToleratedFailureThreshold", cause);
}

/** Says that the run of a distributed Map has failed, and with what. */
export function mapRunFailed(run: Run, node: Node, error: string, cause: string | undefined): void {
  if (node.scope.c?.a === undefined) return;
  reportMapRun(run, node, "FAILED");
  emit(run, node, "MapRunFailed", { error, ...(cause !== undefined && { cause }) });
}
