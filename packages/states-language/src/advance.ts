/** Runs a scope from state to state until it waits, ends or fails, and then the scopes around it. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { enoughSteps } from "./budget.ts";
import { StateFailure } from "./errors.ts";
import { attemptsOf, type Children, type Entry, entryOf, type Stood } from "./execution-state.ts";
import { delayMs, details, errorOutput, type Fault, faultOf, isFatal, matches, retrierFor, tooLarge } from "./faults.ts";
import type { ChoiceState, Completion, FailState, State, WaitState } from "./machine.ts";
import { become, isLive, type Node, scopeOfKind, stateOf } from "./node.ts";
import { isTooLarge } from "./payload-size.ts";
import { emit, frameOf, MachineDeleted, type Run, withVariables } from "./run.ts";
import { abortChildren, childFailed, childSucceeded, emitFailed, goOnWithChildren, isOver, startParallel } from "./run-children.ts";
import { startMap } from "./run-map.ts";
import { startTask } from "./run-task.ts";
import { standing } from "./standing.ts";

/** What a state did: nothing yet, or its completion and the next state (`undefined`: the end). */
export type Done = { readonly completion: Completion; readonly next: string | undefined } | undefined;

/** Runs everything that can run: at most `maxSteps` states (D5), and no further state after `enoughSteps` of expressions (B3). */
export function runQueue(run: Run): void {
  while (run.queue.length > 0 && !run.outcome && run.steps < run.env.maxSteps && (run.work?.done ?? 0) < enoughSteps) {
    const node = run.queue.shift() as Node;
    if (isLive(node, run.root)) settle(run, node, () => step(run, node));
  }
}

function step(run: Run, node: Node): Done {
  const state = stateOf(node);
  const { scope } = node;
  run.steps++;
  if (scope.kind === "entering" && run.env.isDeleted) throw new MachineDeleted("the state machine is being deleted");
  if (scope.kind === "standingStill" && (state.type === "Parallel" || state.type === "Map")) {
    return done(state, goOnWithChildren(run, node, state, scope));
  }
  // Only a redrive runs a Fail state again; it enters the state anew.
  if (entryOf(scope) === undefined || state.type === "Fail") enter(run, node, state);
  else if (scope.kind === "retrying") {
    const { dueMs: _over, ...rest } = scope;
    become(node, run.root, { ...rest, kind: "entered" });
  }
  return execute(run, node, state);
}

function enter(run: Run, node: Node, { type, name }: State): void {
  const eventId = emit(run, node, `${type}StateEntered`, { name, input: node.input });
  const { state, input, variables, newestEventId, execution } = node.scope;
  const entered = { eventId, atMs: run.env.nowMs };
  become(node, run.root, { kind: "entered", state, input, variables, newestEventId, execution, entered, attempts: [] });
}

function execute(run: Run, node: Node, state: State): Done {
  switch (state.type) {
    case "Pass": {
      const frame = frameOf(run, node);
      const input = state.prepare(frame);
      return done(state, state.complete(frame, state.result === undefined ? input : state.result));
    }
    case "Succeed": {
      const frame = frameOf(run, node);
      return { completion: state.complete(frame, state.prepare(frame)), next: undefined };
    }
    case "Choice":
      return choose(run, node, state);
    case "Wait":
      return startWait(run, node, state);
    case "Fail":
      return fail(run, node, state);
    case "Task":
      return startTask(run, node, state);
    case "Parallel":
      return done(state, startParallel(run, node, state));
    case "Map":
      return done(state, startMap(run, node, state));
  }
}

/** The way on after a state's own completion. */
export function done(state: State, completion: Completion | undefined): Done {
  return completion && { completion, next: state.next };
}

function choose(run: Run, node: Node, state: ChoiceState): Done {
  const frame = frameOf(run, node);
  const input = state.prepare(frame);
  const narrowed = { ...frame, input };
  const rule = state.rules.find(({ condition }) => condition(narrowed));
  if (rule) return { completion: rule.complete(frame, input), next: rule.next };
  if (state.otherwise === undefined)
    throw new StateFailure("States.NoChoiceMatched", "No choice rule matched and there is no Default.", { inState: true });
  return { completion: state.complete(frame, input), next: state.otherwise };
}

function startWait(run: Run, node: Node, state: WaitState): Done {
  const frame = frameOf(run, node);
  const input = state.prepare(frame);
  const untilMs = state.untilMs({ ...frame, input }, run.env.nowMs);
  if (untilMs <= run.env.nowMs) return done(state, state.complete(frame, input));
  become(node, run.root, { ...scopeOfKind(node, "entered"), kind: "waiting", untilMs });
  return undefined;
}

/** Ends a Wait. */
export function waitOver(run: Run, node: Node, state: WaitState): Done {
  const frame = frameOf(run, node);
  return done(state, state.complete(frame, state.prepare(frame)));
}

function fail(run: Run, node: Node, state: FailState): never {
  const frame = frameOf(run, node);
  const [error, cause] = [state.error(frame), state.cause(frame)];
  throw new StateFailure(error, cause);
}

/** Does `work` for a node and continues with its result: the next state, or the parent, and so on outwards. */
export function settle(run: Run, node: Node, work: () => Done): void {
  let at = node;
  let turn = work;
  for (;;) {
    const result = attempt(run, at, turn);
    if (result === undefined) return;
    const { parent } = at;
    if (!parent) {
      end(run, at, result);
      return;
    }
    const child = at;
    at = parent;
    turn = () =>
      done(
        stateOf(parent),
        "fault" in result ? childFailed(run, parent, child, result) : childSucceeded(run, parent, child, result.output),
      );
  }
}

type Ended = { readonly output: JsonValue } | Failed;
/** `at`: where the scope stood. */
type Failed = { readonly fault: Fault; readonly at: Stood };

function attempt(run: Run, node: Node, work: () => Done): Ended | undefined {
  try {
    return exit(run, node, work());
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    return recover(run, node, error);
  }
}

/** Leaves the state for the next one, or ends the scope with its output. */
function exit(run: Run, node: Node, result: Done): { readonly output: JsonValue } | undefined {
  if (!result) return undefined;
  const { completion, next } = result;
  const { output, assigned } = completion;
  const { scope } = node;
  const { type } = stateOf(node);
  if (output !== node.input && isTooLarge(output)) throw tooLarge(scope.state);
  const hasAssigned = assigned !== undefined && Object.keys(assigned).length > 0;
  emit(run, node, `${type}StateExited`, { name: scope.state, output, ...(hasAssigned && { assignedVariables: assigned as JsonObject }) });
  const variables = hasAssigned ? withVariables(scope.variables, assigned as JsonObject) : scope.variables;
  if (next === undefined) return { output };
  const inherited = node.parent ? node.parent.input : run.root.input;
  node.input = output;
  node.opened.clear();
  become(node, run.root, {
    kind: "entering",
    state: next,
    input: output === inherited ? undefined : output,
    variables,
    newestEventId: scope.newestEventId,
    execution: scope.execution,
  });
  run.queue.push(node);
  return undefined;
}

/** Handles a failure: by a retrier, else by a catcher; else the scope fails. */
function recover(run: Run, node: Node, failure: StateFailure): Ended | undefined {
  const state = stateOf(node);
  const isTold = !isFatal(failure);
  const children = abortChildren(run, node, "FAILED", isTold);
  const started = children !== undefined || failure.location !== undefined;
  const fault = faultOf(run, node, failure);
  if (retry(run, node, state, fault)) return undefined;
  if (isTold) emitFailed(run, node, started);
  const catcher = state.catch.find(({ errors }) => matches(errors, fault));
  if (!catcher) return failed(node, fault, children);
  try {
    const completion = catcher.complete(frameOf(run, node), errorOutput(fault));
    return exit(run, node, { completion, next: catcher.next });
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    return failed(node, faultOf(run, node, error), children);
  }
}

/** R2: a result of the state's own that was too large leaves nothing of its children. */
function failed({ scope }: Node, fault: Fault, children: Children | undefined): Failed {
  const anew = fault.error === "States.DataLimitExceeded" && children !== undefined && isOver(children);
  return { fault, at: standing(scope, anew ? undefined : children) };
}

function retry(run: Run, node: Node, state: State, fault: Fault): boolean {
  const found = retrierFor(state, node, fault);
  if (!found) return false;
  const { retrier, at } = found;
  const { scope } = node;
  const attempts = Array.from({ length: state.retry.length }, (_, i) => attemptsOf(scope)[i] ?? 0);
  const delay = delayMs(retrier, attempts[at] as number, frameOf(run, node));
  attempts[at] = (attempts[at] as number) + 1;
  const { input, variables, newestEventId, execution } = scope;
  node.opened.clear();
  become(node, run.root, {
    kind: "retrying",
    state: scope.state,
    input,
    variables,
    newestEventId,
    execution,
    entered: entryOf(scope) as Entry,
    attempts,
    dueMs: run.env.nowMs + delay,
  });
  if (delay === 0) run.queue.push(node);
  return true;
}

function end(run: Run, node: Node, result: Ended): void {
  if ("output" in result) {
    emit(run, node, "ExecutionSucceeded", { output: result.output });
    run.outcome = { status: "SUCCEEDED", output: result.output };
  } else {
    const told = details(result.fault);
    emit(run, node, "ExecutionFailed", told);
    run.outcome = { status: "FAILED", ...told };
    run.root.stood = result.at;
  }
}
