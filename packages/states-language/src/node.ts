/** The way into an execution: a scope opened, with those around it, to be worked on (S3). */
import type { JsonValue } from "@serverlesspresso/ports";
import {
  type Children,
  type ContextWithoutInput,
  childrenOf,
  type EndedExecution,
  type ExecutionState,
  type Iterations,
  type RunningExecution,
  type Scope,
  type Stood,
  type WaitId,
} from "./execution-state.ts";
import type { Program, State } from "./machine.ts";

/** An execution while a decision works on it. */
export interface Root {
  context: ContextWithoutInput;
  readonly input: JsonValue | undefined;
  newestEventId: number;
  newestWait: WaitId;
  deadlineMs: number | undefined;
  /** Undefined in one that has ended. */
  scope: Scope | undefined;
  /** Where it stood when it ended without success. */
  stood: Stood | undefined;
}

/** The execution that a decision works on. */
export function rootOf(state: ExecutionState): Root {
  const { context, input, newestEventId, newestWait } = state;
  if (state.kind === "ended") {
    return { context, input, newestEventId, newestWait, deadlineMs: undefined, scope: undefined, stood: state.stood };
  }
  return { context, input, newestEventId, newestWait, deadlineMs: state.deadlineMs, scope: state.scope, stood: undefined };
}

/** What the decision has made of it. `keepsInput`: its input may still be asked for. */
export function executionOf(
  { context, input, newestEventId, newestWait, deadlineMs, scope, stood }: Root,
  keepsInput: boolean,
): ExecutionState {
  const place = scope ?? stood;
  const kept = keepsInput || place?.input === undefined ? input : undefined;
  if (scope === undefined) return { kind: "ended", context, input: kept, newestEventId, newestWait, stood } satisfies EndedExecution;
  return { kind: "running", context, input: kept, newestEventId, newestWait, deadlineMs, scope } satisfies RunningExecution;
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
  const state = node.program.states.get(node.scope.state);
  if (!state) throw new Error(`the definition has no state '${node.scope.state}'`);
  return state;
}

/** Opens the scope of the execution itself. */
export function openRoot(root: Root, given: Scope, program: Program): Node {
  const scope = { ...given };
  root.scope = scope;
  return {
    scope,
    input: scope.input === undefined ? (root.input as JsonValue) : scope.input,
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
  const scope = { ...(children.live[index] as Scope) };
  children.live[index] = scope;
  return remember(parent, index, scope, scope.input === undefined ? parent.input : scope.input);
}

/** The parent's children, copied on first use. */
export function ownChildren({ scope, own }: Node): Children {
  if (!("children" in scope)) throw new Error(`the scope in '${scope.state}' is ${scope.kind}, expected one with children`);
  if (own.has(scope.children)) return scope.children;
  const copy = copyOf(scope.children);
  own.add(copy);
  scope.children = copy;
  return copy;
}

function copyOf(children: Children): Children {
  const { stood, toGoOn } = children;
  const scopes = {
    live: { ...children.live },
    outputs: [...children.outputs],
    stood: stood && { ...stood },
    toGoOn: toGoOn && { ...toGoOn },
  };
  if (children.of === "Parallel") return { ...children, ...scopes };
  return { ...children, ...scopes, notes: children.notes && [...children.notes] };
}

/** The children of a node that is in a Map and has any. */
export function iterationsOf({ scope }: Node): Iterations | undefined {
  const children = childrenOf(scope);
  return children?.of === "Map" ? children : undefined;
}

/** The children of a Map, as `ownChildren` gives them. */
export function ownIterations(node: Node): Iterations {
  const children = ownChildren(node);
  if (children.of !== "Map") throw new Error(`the scope in '${node.scope.state}' has the children of a ${children.of}, expected a Map's`);
  return children;
}

/** Adds a new child about to enter its first state. */
export function addChild(parent: Node, index: number, input: JsonValue): Node {
  const scope: Scope = {
    kind: "entering",
    state: programOf(parent, index).startAt,
    input: input === parent.input ? undefined : input,
    variables: undefined,
    newestEventId: parent.scope.newestEventId,
    execution: undefined,
  };
  ownChildren(parent).live[index] = scope;
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

/** Lets a node do something else: its scope is another one from now on, in its parent too where it is live there. */
export function become(node: Node, root: Root, scope: Scope): void {
  const { parent, index } = node;
  if (!parent) root.scope = scope;
  else if (childrenOf(parent.scope)?.live[index] === node.scope) ownChildren(parent).live[index] = scope;
  node.scope = scope;
}

/** The scope of a node that is known to be of this kind. */
export function scopeOfKind<Kind extends Scope["kind"]>({ scope }: Node, kind: Kind): Extract<Scope, { readonly kind: Kind }> {
  if (scope.kind !== kind) throw new Error(`the scope in '${scope.state}' is ${scope.kind}, expected ${kind}`);
  return scope as Extract<Scope, { readonly kind: Kind }>;
}

/** Gives children to a scope whose state has been entered. */
export function runChildren(node: Node, root: Root, children: Children): void {
  node.own.add(children);
  become(node, root, { ...scopeOfKind(node, "entered"), kind: "runningChildren", children });
}

/** False once the scope ended or was cancelled. */
export function isLive(node: Node, root: Root): boolean {
  if (!node.parent) return root.scope === node.scope;
  return childrenOf(node.parent.scope)?.live[node.index] === node.scope && isLive(node.parent, root);
}
