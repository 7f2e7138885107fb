/**
 * Splits the state of an execution into parts, so that a step writes only what it changes.
 *
 * P1. `joinState(head, parts)` returns the state that was split.
 * P2. The parts follow from the state alone: if a state has more than `mostTogether` children, each child is a part, and so are the output, the
 *     item and the note of each; a large input is a part too.
 * P3. A part that a decision did not change has the same `of` in both splits (S3 of execution-state.ts).
 * P4. The head does not grow with the number of children.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { type Children, childrenOf, type ExecutionState, type Scope } from "./execution-state.ts";
import { decodeState } from "./stored-state/decode.ts";
import { type Apart, encodeNote, encodeScope, encodeState } from "./stored-state/encode.ts";
import { partNames, type StoredState } from "./stored-state/form.ts";

/** One part. `of` is the same object as before if the part has not changed; `value` is what to store. */
export interface StatePart {
  readonly of: unknown;
  /** Encoded on first use, because most parts have not changed. */
  readonly value: unknown;
}
/** A split state; its head is encoded on first use. */
export interface SplitState {
  readonly head: StoredState;
  /** The parts by place (`partNames`). */
  readonly parts: ReadonlyMap<string, StatePart>;
}

const mostTogether = 32;
const largeCharacters = 2_000;
const whole: ReadonlyMap<string, StatePart> = new Map();
const memo = new WeakMap<ExecutionState, SplitState>();
const apart: Apart = { hasParts: ({ count }) => count > mostTogether, isLarge };

/** Splits a state (P2). Without parts the head is the whole state. */
export function splitState(state: ExecutionState): SplitState {
  const known = memo.get(state);
  if (known !== undefined) return known;
  const parts = partsOf(state);
  const split: SplitState = {
    get head() {
      return encodeState(state, apart);
    },
    parts: parts.size === 0 ? whole : parts,
  };
  memo.set(state, split);
  return split;
}

type PartsByPlace = Map<string, StatePart>;

function partsOf(state: ExecutionState): PartsByPlace {
  const parts: PartsByPlace = new Map();
  if (state.kind === "running") collect(state.scope, partNames.scope, parts);
  addLarge(state.input, partNames.input, parts);
  return parts;
}

function addLarge(value: JsonValue | undefined, place: string, parts: PartsByPlace): void {
  if (isLarge(value)) parts.set(place, { of: value, value });
}

function collect(scope: Scope, place: string, parts: PartsByPlace): void {
  const children = childrenOf(scope);
  if (children === undefined) return;
  const at = `${place}.${partNames.children}`;
  if (apart.hasParts(children)) {
    collectChildren(children, at, parts);
    addLarge(scope.input, `${place}.${partNames.input}`, parts);
    addLarge(scope.variables, `${place}.${partNames.variables}`, parts);
  } else {
    for (const index in children.live) collect(children.live[index] as Scope, `${at}.${partNames.live}.${index}`, parts);
  }
}

function collectChildren(children: Children, place: string, parts: PartsByPlace): void {
  const { live, outputs, stood, toGoOn } = children;
  for (const index in live) {
    const child = live[index] as Scope;
    parts.set(`${place}.${partNames.live}.${index}`, livePart(child));
    collect(child, `${place}.${partNames.live}.${index}`, parts);
  }
  for (const index in stood) parts.set(`${place}.${partNames.stood}.${index}`, keptPart(stood[index] as Scope));
  for (const index in toGoOn) parts.set(`${place}.${partNames.toGoOn}.${index}`, keptPart(toGoOn[index] as Scope));
  for (const [index, output] of outputs.entries()) {
    if (output !== null && output !== undefined) parts.set(`${place}.${partNames.outputs}.${index}`, { of: output, value: output });
  }
  if (children.of !== "Map") return;
  const { notes = [], items } = children;
  for (const [index, note] of notes.entries()) {
    parts.set(`${place}.${partNames.notes}.${index}`, { of: note, value: encodeNote(note) });
  }
  if (items !== undefined) parts.set(`${place}.${partNames.items}`, { of: items, value: items });
}

function livePart(scope: Scope): StatePart {
  return {
    of: scope,
    get value() {
      return encodeScope(scope, apart);
    },
  };
}

/** Returns the part for a child that stood still, with everything below it. */
function keptPart(scope: Scope): StatePart {
  return {
    of: scope,
    get value() {
      return encodeScope(scope);
    },
  };
}

/** Returns true if the JSON of a value is long; reads no more of it than needed. */
function isLarge(value: unknown): boolean {
  let left = largeCharacters;
  const measure = (one: unknown): void => {
    if (left <= 0) return;
    if (typeof one === "string") left -= one.length + 2;
    else if (typeof one !== "object" || one === null) left -= 4;
    else {
      left -= 2;
      const isArray = Array.isArray(one);
      // Without the pairs of Object.entries, because this walks the input of every state.
      for (const name in one) {
        left -= isArray ? 1 : name.length + 4;
        measure((one as Readonly<Record<string, unknown>>)[name]);
        if (left <= 0) return;
      }
    }
  };
  measure(value);
  return left <= 0;
}

/** Joins the head and the parts of a state (P1). */
export function joinState(head: StoredState, parts: Iterable<readonly [place: string, value: unknown]>): ExecutionState {
  const found = new Map<string, Map<string, unknown>>();
  for (const [place, value] of parts) {
    const at = place.lastIndexOf(".");
    const [owner, name] = [place.slice(0, Math.max(at, 0)), place.slice(at + 1)];
    let members = found.get(owner);
    if (members === undefined) found.set(owner, (members = new Map()));
    members.set(name, value);
  }
  return decodeState(head, found);
}
