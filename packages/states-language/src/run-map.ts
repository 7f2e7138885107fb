/** Runs Map states: their items, iterations and results. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { redriveChild, startChild } from "./child-executions.ts";
import { StateFailure } from "./errors.ts";
import { childrenOf, fill, isDone, mapRunOf, type ReadingItems, type Scope } from "./execution-state.ts";
import type { Fault } from "./faults.ts";
import { isObject } from "./frame.ts";
import type { Completion, MapState } from "./machine.ts";
import { makeBatches } from "./map-batches.ts";
import { distributedConcurrency, isTolerated, mostLive, noteEnd, noteStart, reportMapRun, resultsOf } from "./map-run.ts";
import { addChild, become, type Node, openPath, ownChildren, ownIterations, runChildren, scopeOfKind, stateOf } from "./node.ts";
import { emit, frameOf, itemsOf, nextWait, type Run } from "./run.ts";

const inlineConcurrency = 40;

/** Starts a Map state, or reads its items first. */
export function startMap(run: Run, node: Node, state: MapState): Completion | undefined {
  const frame = frameOf(run, node);
  if (!state.reader) {
    const items = state.items({ ...frame, input: state.prepare(frame) }) as readonly JsonValue[];
    return startItems(run, node, state, items);
  }
  const wait = nextWait(run);
  // AWS adds this event before the items are known, and only once.
  emit(run, node, "MapStateStarted", { length: 0 });
  const reader = state.reader({ ...frame, input: state.prepare(frame) }) as JsonObject;
  become(node, run.root, { ...scopeOfKind(node, "entered"), kind: "readingItems", wait });
  run.actions.push({ kind: "readItems", wait, stateName: state.name, reader });
  return undefined;
}

/** Starts a Map state with the items of its ItemReader. */
export function itemsRead(run: Run, node: Node, state: MapState, scope: ReadingItems, output: JsonValue): Completion | undefined {
  const { wait: _over, ...rest } = scope;
  become(node, run.root, { ...rest, kind: "entered" });
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
  const arn = state.distributed ? startMapRun(run, node, state) : undefined;
  runChildren(node, run.root, {
    of: "Map",
    count: parts.length,
    next: 0,
    live: {},
    outputs: [],
    stood: undefined,
    toGoOn: undefined,
    items: kept ? parts : undefined,
    concurrency,
    toleratedCount: count,
    toleratedPercentage: percentage,
    notes: state.writer && [],
    run: arn === undefined ? undefined : { arn, failures: 0, redriveCount: 0, resultsLieOutside: false },
  });
  launch(run, node, state);
  reportMapRun(run, node, "RUNNING");
  return parts.length === 0 ? mapDone(run, node, state) : undefined;
}

/** Returns the ARN of the Map run. */
function startMapRun(run: Run, node: Node, state: MapState): string {
  const machine = run.root.context.StateMachine.Id.replace(":stateMachine:", ":mapRun:");
  const mapRunArn = `${machine}/${state.label ?? run.env.uuid()}:${run.env.uuid()}`;
  emit(run, node, "MapRunStarted", { mapRunArn });
  return mapRunArn;
}

/** Starts iterations up to the Map's concurrency, first those that a redrive continues. */
export function launch(run: Run, node: Node, state: MapState): void {
  const children = ownIterations(node);
  const again = Object.keys(children.toGoOn ?? {}).map(Number);
  if (again.length === 0 && children.next >= children.count) return;
  const items = itemsOf(run, node);
  const most = Math.min(children.concurrency, mostLive);
  for (let live = Object.keys(children.live).length; live < most; live++) {
    const index = again.shift() ?? children.next;
    if (index >= children.count) return;
    if (index < children.next && !state.express) reopen(run, node, index);
    else begin(run, node, state, index, items[index] as JsonValue);
    delete children.toGoOn?.[index];
    if (index === children.next) children.next++;
  }
}

function begin(run: Run, node: Node, state: MapState, index: number, item: JsonValue): void {
  const input = inputOf(run, node, state, index, item);
  const child = addChild(node, index, input);
  if (state.distributed) startChild(run, child);
  else emit(run, child, "MapIterationStarted", { name: state.name, index });
  noteStart(ownIterations(node), index, input, run.env.nowMs, child.scope.execution?.name);
  run.queue.push(child);
}

/** Continues a child in a redrive from where it stood. */
export function reopen(run: Run, node: Node, index: number): void {
  const children = ownChildren(node);
  children.live[index] = children.toGoOn?.[index] as Scope;
  const child = openPath(node, [index]);
  const state = stateOf(node);
  if (state.type === "Map" && state.distributed) redriveChild(run, child);
  else {
    child.scope.newestEventId = node.scope.newestEventId;
    if (state.type === "Map") emit(run, child, "MapIterationStarted", { name: state.name, index });
  }
  run.queue.push(child);
}

function inputOf(run: Run, node: Node, state: MapState, index: number, item: JsonValue): JsonValue {
  // Batches contain selected items already.
  if (!state.selector || state.batcher) return item;
  const frame = frameOf(run, node, { item: { Index: index, Value: item } });
  return state.selector({ ...frame, input: state.prepare(frame) });
}

/** Ends an iteration with a result or a tolerated failure, and starts the next. Returns the completion of the state after the last. */
export function afterIteration(run: Run, parent: Node, state: MapState, child: Node): Completion | undefined {
  const children = ownIterations(parent);
  delete children.live[child.index];
  noteEnd(children, child.index, run.env.nowMs);
  launch(run, parent, state);
  reportMapRun(run, parent, "RUNNING");
  if (!isDone(children)) return undefined;
  if (!state.distributed) parent.scope.newestEventId = Math.max(parent.scope.newestEventId, child.scope.newestEventId);
  return mapDone(run, parent, state);
}

/** Ends a Map whose iterations have ended: writes the results, or returns the completion of the state. */
export function mapDone(run: Run, node: Node, state: MapState): Completion | undefined {
  if (state.writer) return writeResults(run, node, state, state.writer(frameOf(run, node)) as JsonObject);
  const { outputs, run: mapRun } = ownIterations(node);
  if (mapRun) mapRunSucceeded(run, node);
  return mapSucceeded(run, node, state, outputs);
}

function mapRunSucceeded(run: Run, node: Node): void {
  emit(run, node, "MapRunSucceeded");
  reportMapRun(run, node, "SUCCEEDED");
}

function mapSucceeded(run: Run, node: Node, state: MapState, result: JsonValue): Completion {
  const before = node.scope.newestEventId;
  emit(run, node, "MapStateSucceeded");
  node.scope.newestEventId = before;
  return state.complete(frameOf(run, node), result);
}

function writeResults(run: Run, node: Node, state: MapState, writer: JsonObject): undefined {
  const wait = nextWait(run);
  const children = ownIterations(node);
  become(node, run.root, { ...scopeOfKind(node, "runningChildren"), kind: "writingResults", wait });
  const told = { mapRunArn: children.run?.arn ?? "", children: resultsOf(children) };
  run.actions.push({ kind: "writeResults", wait, stateName: state.name, writer, ...told });
}

/** Returns the completion of a Map whose results a ResultWriter has written: its result is the writer's output with the ARN of the Map run. */
export function resultsWritten(run: Run, node: Node, state: MapState, output: JsonValue): Completion {
  const children = ownIterations(node);
  const { run: mapRun } = children;
  if (!mapRun) return mapSucceeded(run, node, state, output);
  if (isObject(output) && output.ResultWriterDetails !== undefined) children.run = { ...mapRun, resultsLieOutside: true };
  mapRunSucceeded(run, node);
  const result = isObject(output) && !Object.hasOwn(output, "MapRunArn") ? { MapRunArn: mapRun.arn, ...output } : output;
  return mapSucceeded(run, node, state, result);
}

/** Counts a failed child of a distributed Map. @throws {StateFailure} `States.ExceedToleratedFailureThreshold` if it exceeds the thresholds */
export function iterationFailed(run: Run, parent: Node, state: MapState, child: Node, fault: Fault): Completion | undefined {
  const children = ownIterations(parent);
  const failures = (children.run?.failures ?? 0) + 1;
  if (children.run) children.run = { ...children.run, failures };
  fill(children, child.index, { Error: fault.error ?? null, Cause: fault.cause ?? null });
  const { count: total, toleratedCount: count, toleratedPercentage: percentage } = children;
  if (isTolerated(failures, total, { count, percentage })) return afterIteration(run, parent, state, child);
  delete children.live[child.index];
  const cause = "The specified tolerated failure threshold was exceeded";
  mapRunFailed(run, parent, "States.ExceedToleratedFailureThreshold", cause);
  throw new StateFailure("States.ExceedToleratedFailureThreshold", cause);
}

/** Reports the failure of a Map run, with its error. */
export function mapRunFailed(run: Run, node: Node, error: string, cause: string | undefined): void {
  if (mapRunOf(childrenOf(node.scope)) === undefined) return;
  reportMapRun(run, node, "FAILED");
  emit(run, node, "MapRunFailed", { error, ...(cause !== undefined && { cause }) });
}
