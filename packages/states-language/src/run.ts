/** A decision in progress: its environment, and its events and actions so far. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { newBudget, type Work } from "./budget.ts";
import { childContext, hasHistory, keepEvent } from "./child-reports.ts";
import type { Action, ChildReport, Environment, HistoryEvent, MapRunReport, Outcome } from "./decision.ts";
import { attemptsOf, childrenOf, entryOf, type WaitId } from "./execution-state.ts";
import { type Frame, member, setMember } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { type Node, type Root, stateOf } from "./node.ts";
import { formatTimestamp } from "./timestamps.ts";

/** A decision in progress. */
export interface Run {
  readonly machine: Machine;
  readonly env: Environment;
  readonly root: Root;
  readonly events: HistoryEvent[];
  readonly actions: Action[];
  /** Scopes that enter a state or retry it next. */
  readonly queue: Node[];
  steps: number;
  /** The steps of expressions so far (budget.ts). */
  work?: Work;
  outcome?: Outcome;
  /** The reports of children of distributed Maps, by name. */
  children?: Map<string, ChildReport>;
  /** The Map runs that changed, by ARN, with the last report of those that ended. */
  mapRuns?: Map<string, { readonly node: Node; readonly ended?: MapRunReport }>;
}

/**
 * The most events of one execution; the last of them reports the limit.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const mostEvents = 25_000;

/** The history of the execution, or of a child of a distributed Map, is full. */
export class HistoryFull extends Error {
  override readonly name = "HistoryFull";
  readonly child: Node | undefined;
  constructor(child?: Node) {
    super("the history is full");
    this.child = child;
  }
}

/** The execution would enter another state, but its machine is being deleted. */
export class MachineDeleted extends Error {
  override readonly name = "MachineDeleted";
}

/** Adds an event after the scope's newest one to the history of its execution, and returns its id. @throws {HistoryFull} */
export function emit(run: Run, node: Node, type: string, details?: JsonObject): number {
  const { execution } = node;
  if (execution !== undefined) return emitOfChild(run, execution, node, type, details);
  if (run.root.newestEventId >= mostEvents - 1 && !type.startsWith("Execution")) throw new HistoryFull();
  const id = ++run.root.newestEventId;
  const [previousEventId, timestampMs] = [node.scope.newestEventId, run.env.nowMs];
  run.events.push(details ? { id, previousEventId, timestampMs, type, details } : { id, previousEventId, timestampMs, type });
  node.scope.newestEventId = id;
  return id;
}

function emitOfChild(run: Run, execution: Node, node: Node, type: string, details: JsonObject | undefined): number {
  const child = execution.scope.execution;
  if (child === undefined || !hasHistory(execution)) return node.scope.newestEventId;
  const newest = child.newestEventId;
  // An execution that is ended from outside gets all of its events.
  if (newest >= mostEvents - 1 && !/^Execution|Aborted$/.test(type)) throw new HistoryFull(execution);
  const event = { id: newest + 1, previousEventId: node.scope.newestEventId, timestampMs: run.env.nowMs, type };
  keepEvent(run, execution, details ? { ...event, details } : event);
  execution.scope.execution = { ...child, newestEventId: event.id };
  node.scope.newestEventId = event.id;
  return event.id;
}

/** Returns a wait id that the execution has never used. */
export function nextWait(run: Run): WaitId {
  return ++run.root.newestWait;
}

/** Returns what expressions of the node's state can read: with `wait` also the task token, with `item` also the item of an ItemSelector. */
export function frameOf(run: Run, node: Node, extra: { readonly wait?: WaitId; readonly item?: JsonObject } = {}): Frame {
  let context: JsonObject | undefined;
  return {
    env: run.env,
    budget: newBudget((run.work ??= { done: 0 })),
    input: node.input,
    stateInput: node.input,
    context: () => (context ??= contextOf(run, node, extra.wait, extra.item)),
    variable: (name) => variableOf(node, name),
  };
}

function variableOf(node: Node, name: string): JsonValue | undefined {
  for (let at: Node | undefined = node; at; at = at.parent) {
    const { variables } = at.scope;
    const value = variables && member(variables, name);
    if (value !== undefined) return value;
    // The iterations of a distributed Map are executions of their own, so they cannot read variables from outside.
    if (at.execution === at) return undefined;
  }
  return undefined;
}

function contextOf(run: Run, node: Node, wait: WaitId | undefined, item: JsonObject | undefined): JsonObject {
  const { Execution, StateMachine } = run.root.context;
  const { scope, execution } = node;
  const child = execution?.scope.execution;
  const context: { [key: string]: JsonValue } = {
    ...(execution && child
      ? childContext(run.root, execution, child)
      : { Execution: run.root.input === undefined ? Execution : { ...Execution, Input: run.root.input }, StateMachine }),
    State: {
      EnteredTime: formatTimestamp(entryOf(scope)?.atMs ?? run.env.nowMs),
      Name: scope.state,
      ...(mayRetry(node) && { RetryCount: retryCount(node) }),
    },
  };
  if (wait !== undefined) context.Task = { Token: run.env.taskToken(wait) };
  const current = item ?? itemAround(run, node);
  if (current) context.Map = { Item: current };
  return context;
}

/** Returns true for the states that can be retried; only their context object has a `RetryCount`. */
function mayRetry(node: Node): boolean {
  const { type } = stateOf(node);
  return type === "Task" || type === "Parallel" || type === "Map";
}

function retryCount({ scope }: Node): number {
  return attemptsOf(scope).reduce((sum, attempts) => sum + attempts, 0);
}

function itemAround(run: Run, node: Node): JsonObject | undefined {
  for (let at = node; at.parent; at = at.parent) {
    if (stateOf(at.parent).type === "Map") return { Index: at.index, Value: itemsOf(run, at.parent)[at.index] ?? null };
  }
  return undefined;
}

/** Returns the items of a node's Map: the stored ones, or those that follow from its input. */
export function itemsOf(run: Run, node: Node): readonly JsonValue[] {
  const children = childrenOf(node.scope);
  if (children?.of === "Map" && children.items) return children.items;
  const state = stateOf(node);
  if (state.type !== "Map") return [];
  const frame = frameOf(run, node);
  return state.items({ ...frame, input: state.prepare(frame) }) as readonly JsonValue[];
}

/** Returns the variables after an Assign. */
export function withVariables(before: JsonObject | undefined, assigned: JsonObject): JsonObject {
  const after: { [key: string]: JsonValue } = { ...before };
  for (const [name, value] of Object.entries(assigned)) setMember(after, name, value);
  return after;
}
