/** One decision being made: what it may use, what it has said so far. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { newBudget, type Work } from "./budget.ts";
import { childContext, hasHistory, keepEvent } from "./child-reports.ts";
import type { Action, ChildReport, Environment, HistoryEvent, MapRunReport, Outcome } from "./decision.ts";
import { attemptsOf, childrenOf, entryOf, type WaitId } from "./execution-state.ts";
import { type Frame, member, setMember } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { type Node, type Root, stateOf } from "./node.ts";
import { formatTimestamp } from "./timestamps.ts";

/** A decision being made, from its stimulus to its answer. */
export interface Run {
  readonly machine: Machine;
  readonly env: Environment;
  readonly root: Root;
  readonly events: HistoryEvent[];
  readonly actions: Action[];
  /** Scopes about to enter a state or to try again. */
  readonly queue: Node[];
  steps: number;
  /** What expressions have done. */
  work?: Work;
  outcome?: Outcome;
  /** By name, the children of distributed Maps that were moved. */
  children?: Map<string, ChildReport>;
  /** By ARN, the runs of distributed Maps that were moved, and how those stood that ended. */
  mapRuns?: Map<string, { readonly node: Node; readonly ended?: MapRunReport }>;
}

/** AWS keeps at most this many events of one execution; the last one says so. */
export const mostEvents = 25_000;

/** Ends a decision, or a child of a distributed Map: its history is full. */
export class HistoryFull extends Error {
  override readonly name = "HistoryFull";
  readonly child: Node | undefined;
  constructor(child?: Node) {
    super("the history is full");
    this.child = child;
  }
}

/** Ends an execution: its machine is being deleted, and it would have entered another state. */
export class MachineDeleted extends Error {
  override readonly name = "MachineDeleted";
}

/** Writes an event after the scope's newest, into the history of the execution around it; answers its id. */
export function emit(run: Run, node: Node, type: string, details?: JsonObject): number {
  const { execution } = node;
  if (execution !== undefined) return emitOfChild(run, execution, node, type, details);
  if (run.root.newestEventId >= mostEvents - 1 && !type.startsWith("Execution")) throw new HistoryFull();
  const id = ++run.root.newestEventId;
  const event = { id, previousEventId: node.scope.newestEventId, timestampMs: run.env.nowMs, type };
  run.events.push(details ? { ...event, details } : event);
  node.scope.newestEventId = id;
  return id;
}

function emitOfChild(run: Run, execution: Node, node: Node, type: string, details: JsonObject | undefined): number {
  const child = execution.scope.execution;
  if (child === undefined || !hasHistory(execution)) return node.scope.newestEventId;
  const newest = child.newestEventId;
  // What is ended from outside gets all of its events.
  if (newest >= mostEvents - 1 && !/^Execution|Aborted$/.test(type)) throw new HistoryFull(execution);
  const event = { id: newest + 1, previousEventId: node.scope.newestEventId, timestampMs: run.env.nowMs, type };
  keepEvent(run, execution, details ? { ...event, details } : event);
  execution.scope.execution = { ...child, newestEventId: event.id };
  node.scope.newestEventId = event.id;
  return event.id;
}

/** A wait id that the execution has never used. */
export function nextWait(run: Run): WaitId {
  return ++run.root.newestWait;
}

/** What expressions of the node's state see. `wait`: the task's token can be asked for; `item`: as in an ItemSelector. */
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
    // A distributed Map's iterations are executions of their own: they see no variables from outside.
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
      : { Execution: { ...Execution, ...(run.root.input !== undefined && { Input: run.root.input }) }, StateMachine: { ...StateMachine } }),
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

/** Only these states can be tried again, and tell how often they were. */
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

/** The items of the Map a node is in: kept, or found again from its input. */
export function itemsOf(run: Run, node: Node): readonly JsonValue[] {
  const children = childrenOf(node.scope);
  if (children?.of === "Map" && children.items) return children.items;
  const state = stateOf(node);
  if (state.type !== "Map") return [];
  const frame = frameOf(run, node);
  return state.items({ ...frame, input: state.prepare(frame) }) as readonly JsonValue[];
}

/** Variables after an Assign. */
export function withVariables(before: JsonObject | undefined, assigned: JsonObject): JsonObject {
  const after: { [key: string]: JsonValue } = { ...before };
  for (const [name, value] of Object.entries(assigned)) setMember(after, name, value);
  return after;
}
