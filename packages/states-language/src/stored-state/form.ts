/**
 * The compact form in which an execution is stored: JSON whose members have names of one or two letters. Only this folder knows them.
 *
 * K1. `decodeState(encodeState(state))` returns `state`, and `encodeState(decodeState(stored))` returns `stored`, for records of every release.
 * K2. A member that is `undefined`, empty, 0 or false is absent.
 * K3. With parts (`state-parts.ts`), the head has what no part has, and `decodeState` joins both.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { ContextWithoutInput, Scope, WaitId } from "../execution-state.ts";

/** An execution as it is stored. Opaque outside this package; JSON. */
export type StoredState = { readonly [member: string]: unknown };

/** An execution, stored. */
export interface StoredRoot {
  /** Context. */
  x: ContextWithoutInput;
  /** Input. */
  i?: JsonValue;
  /** Newest event id and wait id. */
  n: number;
  w: WaitId;
  /** The scope of a running execution, or where an ended one stood. */
  q?: StoredScope;
  z?: StoredScope;
  /** Deadline. */
  d?: number;
}

/** R with a `d` is a retry that waits; without, an entered state whose work is done next. */
export const letters = {
  entering: "E",
  entered: "R",
  runningTask: "T",
  waiting: "W",
  retrying: "R",
  runningChildren: "C",
  readingItems: "I",
  writingResults: "O",
  standingStill: "S",
} as const satisfies Record<Scope["kind"], string>;

/** A scope, stored. */
export interface StoredScope {
  /** State, kind, newest event id. */
  s: string;
  k: (typeof letters)[Scope["kind"]];
  h: number;
  /** Input, variables. */
  i?: JsonValue;
  v?: JsonObject;
  /** Id and time of the entry. */
  e?: number;
  t?: number;
  /** Attempts. */
  r?: readonly number[];
  /** Wait id. */
  w?: WaitId;
  /** The deadline of the wait, the retry or the task. */
  d?: number;
  /** The deadline of the heartbeat, its seconds, and the seconds of an activity's timeout. */
  b?: number;
  bs?: number;
  ds?: number;
  c?: StoredChildren;
  /** A child of a distributed Map, and its newest event id. */
  x?: StoredExecution;
  n?: number;
}

/** Name, start, input; number and time of redrives; whether it was stopped. */
export interface StoredExecution {
  nm: string;
  t: number;
  i?: JsonValue;
  rd?: number;
  rt?: number;
  ab?: true;
}

/** Scopes by index, stored. */
export type StoredScopes = { [index: string]: StoredScope };
/** A note of a child, stored. */
export type StoredNote = readonly [startMs: number, stopMs: number, input: JsonValue, name?: string];

/** The children of a scope, stored. */
export interface StoredChildren {
  /** Count, next. */
  n: number;
  x: number;
  /** Live children, outputs. */
  l: StoredScopes;
  o: JsonValue[];
  /** Concurrency; only of a Map. */
  m?: number;
  it?: readonly JsonValue[];
  /** Tolerated count and percentage. */
  tc?: number;
  tp?: number;
  /** The Map run: ARN, failures, redrives, whether a ResultWriter has written its results. */
  a?: string;
  f?: number;
  rd?: number;
  wd?: true;
  w?: readonly StoredNote[];
  /** Where failed children stood, and where children stood that still have to continue. */
  z?: StoredScopes;
  y?: StoredScopes;
  /** In a head: how many outputs and notes are in parts; -1 without notes. */
  p?: readonly [outputs: number, notes: number];
}

/** The members that may be parts, as places name them: `q.c.o.7` is the output of the child with index 7. */
export const partNames = {
  scope: "q",
  children: "c",
  input: "i",
  variables: "v",
  live: "l",
  outputs: "o",
  items: "it",
  notes: "w",
  stood: "z",
  toGoOn: "y",
} as const;
