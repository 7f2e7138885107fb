/**
 * An execution's state in parts, so that what one step changes can be written without the rest.
 *
 * P1. `joinState(head, parts)` gives the state that was split.
 * P2. Which parts there are follows from the state alone: where more than `mostTogether` children belong to one state, each of them
 *     is a part, as are the outputs, the items and the notes of each; so is an input that is large.
 * P3. A part that a decision left as it was is of the same value (S3 of scope.ts): of two splits, only those differ that it changed.
 * P4. The head does not grow with the number of children.
 */
import type { ExecutionState } from "./decision.ts";
import type { Children, Root, Scope } from "./scope.ts";

/** One part: `of` tells by identity whether it is as it was, `value` is what to keep. */
export interface StatePart {
  readonly of: unknown;
  readonly value: unknown;
}
export interface SplitState {
  readonly head: ExecutionState;
  /** By place. */
  readonly parts: ReadonlyMap<string, StatePart>;
}

const mostTogether = 32;
const largeCharacters = 2_000;
const whole: ReadonlyMap<string, StatePart> = new Map();
const memo = new WeakMap<ExecutionState, SplitState>();

/** Children without what stands in parts; `p`: how many outputs and notes there are. */
type ChildrenHead = Omit<Children, "it" | "w"> & { readonly p: readonly [outputs: number, notes: number] };

/** Splits a state (P2). One without parts is its own head. */
export function splitState(state: ExecutionState): SplitState {
  const known = memo.get(state);
  if (known !== undefined) return known;
  const root = state as unknown as Root;
  const parts = new Map<string, StatePart>();
  const head: Root = { ...root };
  if (root.q !== undefined) head.q = splitScope(root.q, "q", parts);
  if (isLarge(root.i)) {
    delete head.i;
    parts.set("i", { of: root.i, value: root.i });
  }
  const split: SplitState = parts.size === 0 ? { head: state, parts: whole } : { head: head as unknown as ExecutionState, parts };
  memo.set(state, split);
  return split;
}

function splitScope(scope: Scope, place: string, parts: Map<string, StatePart>): Scope {
  const { c } = scope;
  if (c === undefined) return scope;
  const head: Scope = { ...scope };
  if (isApart(c)) {
    head.c = splitChildren(c, `${place}.c`, parts);
    for (const member of ["i", "v"] as const) {
      if (!isLarge(scope[member])) continue;
      delete head[member];
      parts.set(`${place}.${member}`, { of: scope[member], value: scope[member] });
    }
    return head;
  }
  const before = parts.size;
  const live = Object.entries(c.l).map(([index, child]) => [index, splitScope(child, `${place}.c.l.${index}`, parts)] as const);
  if (parts.size === before) return scope;
  head.c = { ...c, l: Object.fromEntries(live) };
  return head;
}

function splitChildren(children: Children, place: string, parts: Map<string, StatePart>): Children {
  const { it, w, ...rest } = children;
  const add = (member: string, value: unknown): void => void parts.set(`${place}.${member}`, { of: value, value });
  for (const [index, child] of Object.entries(children.l)) {
    parts.set(`${place}.l.${index}`, { of: child, value: splitScope(child, `${place}.l.${index}`, parts) });
  }
  for (const member of ["z", "y"] as const) {
    for (const [index, stood] of Object.entries(children[member] ?? {})) add(`${member}.${index}`, stood);
  }
  for (const [index, output] of children.o.entries()) if (output !== null && output !== undefined) add(`o.${index}`, output);
  for (const [index, note] of (w ?? []).entries()) if (note !== null && note !== undefined) add(`w.${index}`, note);
  if (it !== undefined) add("it", it);
  const { z, y } = children;
  const head: ChildrenHead = { ...rest, l: {}, o: [], ...(z && { z: {} }), ...(y && { y: {} }), p: [children.o.length, w?.length ?? -1] };
  return head as Children;
}

function isApart({ n }: Children): boolean {
  return n > mostTogether;
}

/** Whether a value's text is long, looking at no more of it than that takes. */
function isLarge(value: unknown): boolean {
  let left = largeCharacters;
  const measure = (one: unknown): void => {
    if (left <= 0) return;
    if (typeof one === "string") left -= one.length + 2;
    else if (typeof one !== "object" || one === null) left -= 4;
    else {
      left -= 2;
      for (const [name, member] of Object.entries(one)) {
        left -= Array.isArray(one) ? 1 : name.length + 4;
        measure(member);
        if (left <= 0) return;
      }
    }
  };
  measure(value);
  return left <= 0;
}

/** The parts of one scope or of its children: by member, or by member and index. */
type Found = Map<string, Map<string, unknown>>;

/** Puts a state together again (P1). */
export function joinState(head: ExecutionState, parts: Iterable<readonly [place: string, value: unknown]>): ExecutionState {
  const found: Found = new Map();
  for (const [place, value] of parts) {
    const at = place.lastIndexOf(".");
    const [owner, name] = [place.slice(0, Math.max(at, 0)), place.slice(at + 1)];
    let members = found.get(owner);
    if (members === undefined) found.set(owner, (members = new Map()));
    members.set(name, value);
  }
  const root = { ...(head as unknown as Root) };
  const input = found.get("")?.get("i");
  if (input !== undefined) root.i = input as NonNullable<Root["i"]>;
  if (root.q !== undefined) root.q = joinScope(root.q, "q", found);
  return root as unknown as ExecutionState;
}

function joinScope(head: Scope, place: string, found: Found): Scope {
  const { c } = head;
  if (c === undefined) return head;
  const children = joinChildren(c, `${place}.c`, found);
  const own = found.get(place);
  return { ...head, ...(own && Object.fromEntries(own)), c: children };
}

function joinChildren(head: Children, place: string, found: Found): Children {
  const joined = (index: string, child: unknown) => [index, joinScope(child as Scope, `${place}.l.${index}`, found)] as const;
  const { p, ...rest } = head as unknown as ChildrenHead & { p?: ChildrenHead["p"] };
  if (p === undefined) return { ...head, l: Object.fromEntries(Object.entries(head.l).map(([index, child]) => joined(index, child))) };
  const of = (member: string): ReadonlyMap<string, unknown> => found.get(`${place}.${member}`) ?? new Map();
  const list = (member: string, length: number): unknown[] => Array.from({ length }, (_, index) => of(member).get(String(index)) ?? null);
  const children = {
    ...rest,
    l: Object.fromEntries([...of("l")].map(([index, child]) => joined(index, child))),
    o: list("o", p[0]),
  } as Children;
  if (children.z) children.z = Object.fromEntries(of("z")) as NonNullable<Children["z"]>;
  if (children.y) children.y = Object.fromEntries(of("y")) as NonNullable<Children["y"]>;
  if (p[1] >= 0) children.w = list("w", p[1]) as NonNullable<Children["w"]>;
  const items = found.get(place)?.get("it");
  if (items !== undefined) children.it = items as NonNullable<Children["it"]>;
  return children;
}
