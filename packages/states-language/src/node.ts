/** Opens scopes of an execution, with those around them, so that a decision can change them (S3). */
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
  /** Undefined after the end. */
  scope: Scope | undefined;
  /** Where it stood when it ended without success. */
  stood: Stood | undefined;
}

/** Returns the execution of a state, for a decision to work on. */
export function rootOf(state: ExecutionState): Root {
  const { context, input, newestEventId, newestWait } = state;
  if (state.kind === "ended") {
    return { context, input, newestEventId, newestWait, deadlineMs: undefined, scope: undefined, stood: state.stood };
  }
  return { context, input, newestEventId, newestWait, deadlineMs: state.deadlineMs, scope: state.scope, stood: undefined };
}

/** Returns the state after the decision. `keepsInput`: an expression may still read the input of the execution. */
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
  /** Within a distributed Map: the child execution that contains the scope, possibly the scope itself. */
  readonly execution: Node | undefined;
  readonly opened: Map<number, Node>;
  /** The children that this decision has copied or created, and may change. */
  readonly own: WeakSet<Children>;
}

/** Returns the compiled state of a scope. @throws {Error} if the definition no longer has the state */
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

/** Opens the scope at `path` below `node` and copies the scopes on the way. */
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

/** Returns the children of a node, copied on first use. @throws {Error} if its scope has no children */
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

/** Returns the children of a node in a Map state; undefined for any other node. */
export function iterationsOf({ scope }: Node): Iterations | undefined {
  const children = childrenOf(scope);
  return children?.of === "Map" ? children : undefined;
}

/** Returns the children of a Map, copied on first use. @throws {Error} if they are not of a Map */
export function ownIterations(node: Node): Iterations {
  const children = ownChildren(node);
  if (children.of !== "Map") throw new Error(`the scope in '${node.scope.state}' has the children of a ${children.of}, expected a Map's`);
  return children;
}

/** Adds a child that enters its first state next. */
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

/** Returns the node of a child. */
export function childNode(parent: Node, index: number, scope: Scope, input: JsonValue, program: Program): Node {
  const node = { scope, input, program, parent, index, execution: parent.execution, opened: new Map<number, Node>(), own: parent.own };
  const state = stateOf(parent);
  if (state.type === "Map" && state.distributed) node.execution = node;
  return node;
}

function programOf(parent: Node, index: number): Program {
  return programIn(stateOf(parent), index);
}

/** Returns the program of the child at `index` of `state`. @throws {Error} if the state has no children */
export function programIn(state: State, index: number): Program {
  if (state.type === "Map") return state.processor;
  if (state.type === "Parallel") return state.branches[index] as Program;
  throw new Error(`state '${state.name}' has no children`);
}

/** Replaces the scope of a node, also in its parent if the node is live there. */
export function become(node: Node, root: Root, scope: Scope): void {
  const { parent, index } = node;
  if (!parent) root.scope = scope;
  else if (childrenOf(parent.scope)?.live[index] === node.scope) ownChildren(parent).live[index] = scope;
  node.scope = scope;
}

/** Returns the scope of a node. @throws {Error} if it is of another kind */
export function scopeOfKind<Kind extends Scope["kind"]>({ scope }: Node, kind: Kind): Extract<Scope, { readonly kind: Kind }> {
  if (scope.kind !== kind) throw new Error(`the scope in '${scope.state}' is ${scope.kind}, expected ${kind}`);
  return scope as Extract<Scope, { readonly kind: Kind }>;
}

/** Adds children to a scope whose state has been entered. */
export function runChildren(node: Node, root: Root, children: Children): void {
  node.own.add(children);
  become(node, root, { ...scopeOfKind(node, "entered"), kind: "runningChildren", children });
}

/** Returns false if the scope has ended or was cancelled. */
export function isLive(node: Node, root: Root): boolean {
  if (!node.parent) return root.scope === node.scope;
  return childrenOf(node.parent.scope)?.live[node.index] === node.scope && isLive(node.parent, root);
}
