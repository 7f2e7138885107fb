/**
 * The running execution as data, and the way into it.
 *
 * S1. A scope is the execution itself, a branch of a Parallel or an iteration of a Map; children live in their parent (`c.l`).
 * S2. Input is stored once: a scope whose input is its parent's (the root's: the execution's) leaves `i` out.
 * S3. A decision never changes what it was given: a scope is copied, with those around it, when it is opened.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { ExecutionContext, WaitId } from "./decision.ts";
import type { Program, State } from "./machine.ts";

/** E about to enter its state, T a task, W a wait, R a retry's delay, C children, I items being read, O results being written, S children that stand still (`c.z`). */
type Kind = "E" | "T" | "W" | "R" | "C" | "I" | "O" | "S";

export interface Scope {
  /** State name. */
  s: string;
  k: Kind;
  /** Raw input of the state (S2). */
  i?: JsonValue;
  /** Variables assigned in this scope. */
  v?: JsonObject;
  /** Id of the scope's newest event. */
  h: number;
  /** Id and time of the state's `...StateEntered`. */
  e?: number;
  t?: number;
  /** Wait id of a task, a reading or a writing. */
  w?: WaitId;
  /** When the wait, the delay or the task's time is over. */
  d?: number;
  /** When the heartbeat is due, and its seconds. */
  b?: number;
  bs?: number;
  /** Seconds of an activity's timeout, which begins when a worker takes it. */
  ds?: number;
  /** Attempts made by each retrier. */
  r?: number[];
  c?: Children;
  /** A child of a distributed Map, which is an execution: what it is, and the id of its newest event. */
  x?: ChildExecution;
  n?: number;
}

/** Name, start, input while it may be asked for; how often it was redriven and when; whether it was stopped. */
export interface ChildExecution {
  readonly nm: string;
  readonly t: number;
  readonly i?: JsonValue;
  readonly rd?: number;
  readonly rt?: number;
  readonly ab?: true;
}

export interface Children {
  /** How many there are, and the next to start. */
  n: number;
  x: number;
  /** Live ones by index. */
  l: { [index: string]: Scope };
  /** Outputs by index. */
  o: JsonValue[];
  /** Items, where they cannot be found again from the input. */
  it?: readonly JsonValue[];
  /** Concurrency. */
  m?: number;
  /** Where those stood that failed; once the whole is over, all that had begun and not ended. */
  z?: { [index: string]: Scope };
  /** Redriven: where those stood that are still to go on. */
  y?: { [index: string]: Scope };
  /** Distributed: failures so far, tolerated count and percentage, the map run's ARN. */
  f?: number;
  tc?: number;
  tp?: number;
  a?: string;
  /** How often that run was redriven. */
  rd?: number;
  /** With a ResultWriter, by index: begin, end, input and name of a child; an earlier release kept no name. */
  w?: (readonly [startMs: number, stopMs: number, input: JsonValue, name?: string])[];
  /** Its results lie outside. */
  wd?: true;
}

export interface Root {
  x: Pick<ExecutionContext, "StateMachine"> & { readonly Execution: Omit<ExecutionContext["Execution"], "Input"> };
  /** Execution input, while it may be asked for (S2). */
  i?: JsonValue;
  /** Newest event id and wait id. */
  n: number;
  w: WaitId;
  /** When the machine's own time is over. */
  d?: number;
  /** Absent once the execution has ended. */
  q?: Scope;
  /** Where it stood when it ended without success. */
  z?: Scope;
}

/** An opened scope (S3). */
export interface Node {
  scope: Scope;
  input: JsonValue;
  readonly program: Program;
  readonly parent: Node | undefined;
  readonly index: number;
  /** Within a distributed Map: the child that is the execution around it, maybe itself. */
  readonly execution: Node | undefined;
  readonly opened: Map<number, Node>;
  /** The children this decision has copied or made, and may change. */
  readonly own: WeakSet<Children>;
}

/** The compiled state a scope is in. A definition that lost it cannot resume. */
export function stateOf(node: Pick<Node, "program" | "scope">): State {
  const state = node.program.states.get(node.scope.s);
  if (!state) throw new Error(`the definition has no state '${node.scope.s}'`);
  return state;
}

export function openRoot(root: Root, program: Program): Node {
  const scope = { ...(root.q as Scope) };
  root.q = scope;
  return {
    scope,
    input: scope.i === undefined ? (root.i as JsonValue) : scope.i,
    program,
    parent: undefined,
    index: 0,
    execution: undefined,
    opened: new Map(),
    own: new WeakSet(),
  };
}

/** Opens the scope at `path` below `node`, copying what lies on the way. */
export function openPath(node: Node, path: readonly number[]): Node {
  let at = node;
  for (const index of path) at = openChild(at, index);
  return at;
}

function openChild(parent: Node, index: number): Node {
  const known = parent.opened.get(index);
  if (known) return known;
  const children = ownChildren(parent);
  const scope = { ...(children.l[index] as Scope) };
  children.l[index] = scope;
  return remember(parent, index, scope, scope.i === undefined ? parent.input : scope.i);
}

/** The parent's children, copied on first use. */
export function ownChildren(node: Node): Children {
  const children = node.scope.c as Children;
  if (node.own.has(children)) return children;
  const copy: Children = { ...children, l: { ...children.l }, o: [...children.o] };
  if (copy.w) copy.w = [...copy.w];
  if (copy.z) copy.z = { ...copy.z };
  if (copy.y) copy.y = { ...copy.y };
  node.own.add(copy);
  node.scope.c = copy;
  return copy;
}

/** True once none is left to begin or to end. */
export function isDone(children: Children): boolean {
  return children.x >= children.n && Object.keys(children.l).length === 0;
}

/** Keeps the output of the child at `index`. */
export function fill(children: Children, index: number, output: JsonValue): void {
  while (children.o.length < index) children.o.push(null);
  children.o[index] = output;
}

/** Gives a scope children of its own. */
export function setChildren(node: Node, children: Children): void {
  node.own.add(children);
  node.scope.c = children;
}

/** Adds a new child about to enter its first state. */
export function addChild(parent: Node, index: number, input: JsonValue): Node {
  const scope: Scope = { s: programOf(parent, index).startAt, k: "E", h: parent.scope.h, ...(input !== parent.input && { i: input }) };
  ownChildren(parent).l[index] = scope;
  return remember(parent, index, scope, input);
}

function remember(parent: Node, index: number, scope: Scope, input: JsonValue): Node {
  const node = childNode(parent, index, scope, input, programOf(parent, index));
  parent.opened.set(index, node);
  return node;
}

/** A child as a node of its own. */
export function childNode(parent: Node, index: number, scope: Scope, input: JsonValue, program: Program): Node {
  const node = { scope, input, program, parent, index, execution: parent.execution, opened: new Map<number, Node>(), own: parent.own };
  const state = stateOf(parent);
  if (state.type === "Map" && state.distributed) node.execution = node;
  return node;
}

function programOf(parent: Node, index: number): Program {
  return programIn(stateOf(parent), index);
}

/** The program a child at `index` of `state` runs. */
export function programIn(state: State, index: number): Program {
  if (state.type === "Map") return state.processor;
  if (state.type === "Parallel") return state.branches[index] as Program;
  throw new Error(`state '${state.name}' has no children`);
}

/** What is left of a scope once everything that goes on in it is over: enough to go on from there. `c`: its children, as they were. */
export function standing({ s, i, v, e, t, x, n }: Scope, c?: Children): Scope {
  const kept: Scope = { s, k: c ? "S" : e === undefined ? "E" : "R", h: 0 };
  if (i !== undefined) kept.i = i;
  if (v) kept.v = v;
  if (e !== undefined) kept.e = e;
  if (t !== undefined) kept.t = t;
  if (x) kept.x = x;
  if (n !== undefined) kept.n = n;
  if (c) kept.c = stillStanding(c);
  return kept;
}

function stillStanding({ l, y, z, f: _failures, ...rest }: Children): Children {
  const stood = Object.entries(l).map(([index, child]): [string, Scope] => [index, standing(child, child.c)]);
  return { ...rest, l: {}, z: { ...Object.fromEntries(stood), ...y, ...z } };
}

/** Replaces a scope by a fresh one, in its parent too; an execution stays what it is. */
export function replaceScope(node: Node, root: Root, scope: Scope): void {
  const { x, n } = node.scope;
  if (x) scope.x = x;
  if (n !== undefined) scope.n = n;
  node.scope = scope;
  node.opened.clear();
  if (node.parent) ownChildren(node.parent).l[node.index] = scope;
  else root.q = scope;
}

/** False once the scope ended or was cancelled. */
export function isLive(node: Node, root: Root): boolean {
  if (!node.parent) return root.q === node.scope;
  return node.parent.scope.c?.l[node.index] === node.scope && isLive(node.parent, root);
}

/** Paths to all live scopes that satisfy `wanted`, outer before inner, by index. */
export function findScopes(root: Root, wanted: (scope: Scope) => boolean): number[][] {
  const found: number[][] = [];
  if (root.q) search(root.q, [], wanted, found);
  return found;
}

function search(scope: Scope, path: number[], wanted: (scope: Scope) => boolean, found: number[][]): void {
  if (wanted(scope)) found.push([...path]);
  if (!scope.c) return;
  for (const [index, child] of Object.entries(scope.c.l)) {
    path.push(Number(index));
    search(child, path, wanted, found);
    path.pop();
  }
}

/** The nearest instant this scope or one within it waits for. */
export function nearestDue(scope: Scope | undefined): number | undefined {
  if (!scope) return undefined;
  let nearest = earlier(scope.d, scope.b);
  if (scope.c) for (const child of Object.values(scope.c.l)) nearest = earlier(nearest, nearestDue(child));
  return nearest;
}

export function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}
