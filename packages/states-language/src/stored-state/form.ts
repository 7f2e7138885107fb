/**
 * The compact form in which an execution is stored: JSON whose members have names of a letter or two. They are known in this folder alone.
 *
 * K1. `decodeState(encodeState(state))` gives `state`, and `encodeState(decodeState(stored))` gives `stored`, whatever release wrote it.
 * K2. What a member would say by being `undefined`, empty, 0 or false, it says by being absent.
 * K3. With parts (`state-parts.ts`), the encoded head has what stands in none of them, and `decodeState` puts both together.
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
  /** The scope of one that runs, or where one stood that has ended. */
  q?: StoredScope;
  z?: StoredScope;
  /** Deadline. */
  d?: number;
}

/** R is a retry that waits where it has a `d`; without, it is an entered state whose work is done next. */
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
  /** When the wait, the delay or the task's time is over. */
  d?: number;
  /** When the heartbeat is due, and its seconds; those of an activity's timeout. */
  b?: number;
  bs?: number;
  ds?: number;
  c?: StoredChildren;
  /** A child of a distributed Map, and its newest event id. */
  x?: StoredExecution;
  n?: number;
}

/** Name, start, input; how often it was redriven and when; whether it was stopped. */
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
  /** Live ones, outputs. */
  l: StoredScopes;
  o: JsonValue[];
  /** Concurrency; of a Map alone. */
  m?: number;
  it?: readonly JsonValue[];
  /** Tolerated count and percentage. */
  tc?: number;
  tp?: number;
  /** The Map run: ARN, failures, redrives, whether its results lie outside. */
  a?: string;
  f?: number;
  rd?: number;
  wd?: true;
  w?: readonly StoredNote[];
  /** Where those stood that failed, and those that are still to go on. */
  z?: StoredScopes;
  y?: StoredScopes;
  /** In a head: how many outputs and notes stand in parts; -1 for no notes at all. */
  p?: readonly [outputs: number, notes: number];
}

/** The members that may stand in parts of their own, as places name them: `q.c.o.7` is the output of the seventh child. */
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
