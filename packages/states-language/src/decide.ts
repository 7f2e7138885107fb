/** Makes decisions: `start` and `resume` (D1 to D6 of decision.ts). */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { done, runQueue, settle, waitOver } from "./advance.ts";
import type { Decision, Environment, Stimulus } from "./decision.ts";
import { StateFailure } from "./errors.ts";
import { childrenOf, type ExecutionContext, type ExecutionState, mapRunOf, type Scope, type WaitId, waitOf } from "./execution-state.ts";
import { dueOf, earlier, findScopes, hasScope, nearestDue, scopeAt } from "./find-scopes.ts";
import type { Machine, MapState } from "./machine.ts";
import { changeMapRun, mapRunsOf, reportMapRun } from "./map-run.ts";
import { executionOf, isLive, type Node, openPath, openRoot, ownIterations, type Root, rootOf, stateOf } from "./node.ts";
import { redrive, standUp } from "./redrive.ts";
import { emit, HistoryFull, MachineDeleted, mostEvents, type Run } from "./run.ts";
import { abort, abortChild } from "./run-children.ts";
import { itemsRead, launch, mapRunFailed, resultsWritten } from "./run-map.ts";
import { heartbeat, taskFailed, taskSubmitted, taskSucceeded, taskTimedOut } from "./run-task.ts";
import { standing } from "./standing.ts";

/** Starts an execution. `context.Execution.Input` may be omitted: it is `input`. `started` has more details of `ExecutionStarted`. */
export function start(
  machine: Machine,
  { input, context, started }: { readonly input: JsonValue; readonly context: ExecutionContext; readonly started?: JsonObject },
  env: Environment,
): Decision {
  const { Input: _input, ...Execution } = context.Execution;
  const scope: Scope = {
    kind: "entering",
    state: machine.program.startAt,
    input: undefined,
    variables: undefined,
    newestEventId: 0,
    execution: undefined,
  };
  const root: Root = {
    context: { Execution, StateMachine: context.StateMachine },
    input,
    newestEventId: 0,
    newestWait: 0,
    deadlineMs: machine.timeoutSeconds === undefined ? undefined : env.nowMs + machine.timeoutSeconds * 1_000,
    scope,
    stood: undefined,
  };
  const run = begin(machine, root, env);
  const node = openRoot(root, scope, machine.program);
  emit(run, node, "ExecutionStarted", { input, roleArn: context.Execution.RoleArn, ...started });
  node.scope.newestEventId = 0;
  run.queue.push(node);
  return conclude(run, node);
}

/** Continues an execution with what has happened. Does not change the given state. */
export function resume(machine: Machine, state: ExecutionState, stimulus: Stimulus, env: Environment): Decision {
  const root = rootOf(state);
  const run = begin(machine, root, env);
  if (stimulus.kind === "redrive") standUp(root);
  const { scope } = root;
  if (!scope) return decisionOf(run, state);
  const top = openRoot(root, scope, machine.program);
  const effect = effectOf(run, top, stimulus);
  if (!effect) return decisionOf(run, state);
  return conclude(run, top, effect);
}

function begin(machine: Machine, root: Root, env: Environment): Run {
  return { machine, env, root, events: [], actions: [], queue: [], steps: 0 };
}

/** Returns the effect of a stimulus; undefined if it has no effect (D3). */
function effectOf(run: Run, top: Node, stimulus: Stimulus): (() => void) | undefined {
  switch (stimulus.kind) {
    case "timeReached":
      return timeEffect(run, top);
    case "continue":
      return continueEffect(run, top);
    case "abort":
      return () => stop(run, top, "Aborted", stimulus.error, stimulus.cause);
    case "redrive":
      return () => redrive(run, top, stimulus);
    case "abortChild":
      return abortChildEffect(run, top, stimulus);
    case "updateMapRun":
      return updateEffect(run, top, stimulus);
    default:
      return waitEffect(run, top, stimulus.wait, stimulus);
  }
}

function waitEffect(run: Run, top: Node, wait: WaitId, stimulus: Stimulus): (() => void) | undefined {
  const [path] = findScopes(run.root.scope, (scope) => waitOf(scope) === wait);
  if (!path) return undefined;
  const node = openPath(top, path);
  const state = stateOf(node);
  if (state.type === "Map") return mapEffect(run, node, state, stimulus);
  const { scope } = node;
  if (state.type !== "Task" || scope.kind !== "runningTask") return undefined;
  switch (stimulus.kind) {
    case "taskSubmitted":
      return () => taskSubmitted(run, node, { state, scope }, stimulus);
    case "heartbeat":
      return () => heartbeat(run, node, scope);
    case "taskSucceeded":
      return () => settle(run, node, () => done(state, taskSucceeded(run, node, state, stimulus.output)));
    case "taskFailed":
      return () => settle(run, node, () => taskFailed(run, node, state, stimulus));
    default:
      return undefined;
  }
}

function mapEffect(run: Run, node: Node, state: MapState, stimulus: Stimulus): (() => void) | undefined {
  const { scope } = node;
  const isReading = scope.kind === "readingItems";
  if (stimulus.kind === "taskFailed") {
    const error = stimulus.error ?? (isReading ? "States.ItemReaderFailed" : "States.ResultWriterFailed");
    return () =>
      settle(run, node, () => {
        if (!isReading) mapRunFailed(run, node, error, stimulus.cause);
        throw new StateFailure(error, stimulus.cause);
      });
  }
  if (stimulus.kind !== "taskSucceeded") return undefined;
  const { output } = stimulus;
  return () =>
    settle(run, node, () => done(state, isReading ? itemsRead(run, node, state, scope, output) : resultsWritten(run, node, state, output)));
}

function abortChildEffect(run: Run, top: Node, stopped: Stimulus & { readonly kind: "abortChild" }): (() => void) | undefined {
  const { mapRunArn, index, error, cause } = stopped;
  const map = runningMap(run, top, mapRunArn);
  if (!map || childrenOf(map.node.scope)?.live[index] === undefined) return undefined;
  const { node, state } = map;
  const child = openPath(node, [index]);
  return () => settle(run, node, () => done(state, abortChild(run, node, child, { error, cause })));
}

function runningMap(run: Run, top: Node, mapRunArn: string): { readonly node: Node; readonly state: MapState } | undefined {
  const [path] = findScopes(run.root.scope, (scope) => scope.kind === "runningChildren" && mapRunOf(scope.children)?.arn === mapRunArn);
  const node = path && openPath(top, path);
  const state = node && stateOf(node);
  return node && state?.type === "Map" ? { node, state } : undefined;
}

function updateEffect(run: Run, top: Node, change: Stimulus & { readonly kind: "updateMapRun" }): (() => void) | undefined {
  const map = runningMap(run, top, change.mapRunArn);
  if (!map) return undefined;
  const { node, state } = map;
  return () => {
    changeMapRun(ownIterations(node), change);
    launch(run, node, state);
    reportMapRun(run, node, "RUNNING");
  };
}

function continueEffect(run: Run, top: Node): (() => void) | undefined {
  const paths = findScopes(run.root.scope, (scope) => isReady(scope, run.env.nowMs));
  if (paths.length === 0) return undefined;
  // In the order without the pause: the scope whose newest event is the oldest comes first.
  const nodes = paths.map((path) => openPath(top, path)).sort((a, b) => a.scope.newestEventId - b.scope.newestEventId);
  return () => void run.queue.push(...nodes);
}

function isReady(scope: Scope, nowMs: number): boolean {
  const { kind } = scope;
  return kind === "entering" || kind === "entered" || kind === "standingStill" || (kind === "retrying" && scope.dueMs <= nowMs);
}

function timeEffect(run: Run, top: Node): (() => void) | undefined {
  const { nowMs } = run.env;
  const { scope: whole, deadlineMs } = run.root;
  const dueAt = (scope: Scope): number => dueOf(scope) ?? Number.POSITIVE_INFINITY;
  const due = findScopes(whole, (scope) => dueAt(scope) <= nowMs).map((path) => ({ path, atMs: dueAt(scopeAt(whole, path)) }));
  const machineDue = deadlineMs !== undefined && deadlineMs <= nowMs;
  if (due.length === 0 && !machineDue) return undefined;
  const deadline = machineDue ? deadlineMs : Number.POSITIVE_INFINITY;
  // In order of time; what is due after the machine's own deadline never happens.
  const inTime = due.filter(({ atMs }) => atMs < deadline).sort((a, b) => a.atMs - b.atMs);
  const nodes = inTime.map(({ path }) => openPath(top, path));
  return () => {
    for (const node of nodes) if (!run.outcome && isLive(node, run.root)) fire(run, node);
    if (machineDue && !run.outcome) stop(run, top, "TimedOut", "States.Timeout", undefined);
  };
}

function fire(run: Run, node: Node): void {
  const state = stateOf(node);
  const { scope } = node;
  if (scope.kind === "retrying") run.queue.push(node);
  else if (state.type === "Wait") settle(run, node, () => waitOver(run, node, state));
  else if (state.type === "Task" && scope.kind === "runningTask") settle(run, node, () => taskTimedOut(run, node, state, scope));
}

/** Ends the whole execution from outside: by StopExecution or the machine's TimeoutSeconds. */
function stop(run: Run, top: Node, how: "Aborted" | "TimedOut", error: string | undefined, cause: string | undefined): void {
  const { scope } = top;
  run.root.stood = standing(scope, abort(run, top));
  const told = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  emit(run, top, `Execution${how}`, told);
  run.outcome = { status: how === "Aborted" ? "ABORTED" : "TIMED_OUT", ...told };
}

function conclude(run: Run, top: Node, effect?: () => void): Decision {
  for (let turn: (() => void) | undefined = effect ?? nothing; turn; ) {
    turn = untilFull(run, top, turn);
  }
  const { root } = run;
  if (run.outcome) root.scope = undefined;
  return decisionOf(run, executionOf(root, run.machine.keepsInput));
}

function nothing(): void {}

/** Does `turn` and what follows from it. Returns how to end what a full history of a child or the deletion of the machine stopped; undefined otherwise. */
function untilFull(run: Run, top: Node, turn: () => void): (() => void) | undefined {
  try {
    turn();
    runQueue(run);
  } catch (error) {
    if (error instanceof MachineDeleted) return () => stop(run, top, "Aborted", undefined, undefined);
    if (!(error instanceof HistoryFull)) throw error;
    const { child } = error;
    if (child) return () => childFull(run, child);
    historyFull(run, top);
  }
  return undefined;
}

const fullCause = `The execution reached the maximum number of history events (${mostEvents}).`;

function childFull(run: Run, child: Node): void {
  if (!isLive(child, run.root)) return;
  const wait = waitOf(child.scope);
  if (wait !== undefined) run.actions.push({ kind: "cancel", wait });
  settle(run, child, () => {
    throw new StateFailure("States.Runtime", fullCause);
  });
}

function historyFull(run: Run, top: Node): void {
  const { scope } = run.root;
  for (const path of findScopes(scope, (one) => waitOf(one) !== undefined)) {
    run.actions.push({ kind: "cancel", wait: waitOf(scopeAt(scope, path)) as WaitId });
  }
  const told = { error: "States.Runtime", cause: fullCause };
  emit(run, top, "ExecutionFailed", told);
  run.outcome = { status: "FAILED", ...told };
}

/** So many steps take a tenth of a millisecond or so; who tells turns apart need not know of fewer. */
const manySteps = 1_000;

function decisionOf(run: Run, state: ExecutionState): Decision {
  const { root, outcome, events, actions } = run;
  const due = outcome ? undefined : earlier(root.deadlineMs, nearestDue(root.scope));
  const continues = !outcome && hasScope(root.scope, (scope) => isReady(scope, run.env.nowMs));
  const work = run.work && run.work.done >= manySteps ? run.work.done : undefined;
  const mapRuns = run.mapRuns && { mapRuns: mapRunsOf(run) };
  const children = run.children && { children: [...run.children.values()] };
  return {
    state,
    events,
    actions,
    continues,
    ...(work !== undefined && { work }),
    ...mapRuns,
    ...children,
    ...(due !== undefined && { nextDueMs: due }),
    ...(outcome && { outcome }),
  };
}
