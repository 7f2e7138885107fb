/** Decodes an execution from its stored form, whole or as a head with parts (K1 to K3 of form.ts). */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type {
  ChildExecution,
  Children,
  Entered,
  Entry,
  ExecutionState,
  MapRun,
  RunningTask,
  Scope,
  Stood,
  WaitId,
} from "../execution-state.ts";
import {
  partNames,
  type StoredChildren,
  type StoredExecution,
  type StoredNote,
  type StoredRoot,
  type StoredScope,
  type StoredScopes,
  type StoredState,
} from "./form.ts";

/** The parts by the place of their owner and their member: `q.c.o.7` under `q.c.o` and `7`. */
export type Parts = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/** The place of a value whose parts are joined. */
interface Place {
  readonly parts: Parts;
  readonly path: string;
}

/** Decodes an execution. `parts` are those that its head does not have. */
export function decodeState(stored: StoredState, parts?: Parts): ExecutionState {
  const { x: context, i, n: newestEventId, w: newestWait, q, z, d: deadlineMs } = stored as unknown as StoredRoot;
  const input = i === undefined ? (parts?.get("")?.get(partNames.input) as JsonValue | undefined) : i;
  const common = { context, input, newestEventId, newestWait };
  if (q === undefined) return { kind: "ended", ...common, stood: z && (decodeScope(z) as Stood) };
  const place = parts && { parts, path: partNames.scope };
  return { kind: "running", ...common, deadlineMs, scope: decodeScope(q, place) };
}

function decodeScope(stored: StoredScope, place?: Place): Scope {
  const own = stored.c && place?.parts.get(place.path);
  const { s: state, h: newestEventId, x } = stored;
  const members = {
    state,
    input: own?.has(partNames.input) ? (own.get(partNames.input) as JsonValue) : stored.i,
    variables: own?.has(partNames.variables) ? (own.get(partNames.variables) as JsonObject) : stored.v,
    newestEventId,
    execution: x && decodeExecution(x, stored.n ?? 0),
  };
  if (stored.k === "E") return { kind: "entering", ...members };
  const entered: Entry = { eventId: stored.e as number, atMs: stored.t as number };
  if (stored.k === "S") return { kind: "standingStill", ...members, entered, children: childrenIn(stored, place) };
  return decodeInState(stored, { ...members, entered, attempts: stored.r ?? [] }, place);
}

type InState = Omit<Entered, "kind">;

function decodeInState(stored: StoredScope, members: InState, place: Place | undefined): Scope {
  const wait = stored.w as WaitId;
  switch (stored.k) {
    case "R":
      return stored.d === undefined ? { kind: "entered", ...members } : { kind: "retrying", ...members, dueMs: stored.d };
    case "T":
      return { kind: "runningTask", ...members, wait, ...limitsIn(stored) };
    case "W":
      return { kind: "waiting", ...members, untilMs: stored.d as number };
    case "C":
      return { kind: "runningChildren", ...members, children: childrenIn(stored, place) };
    case "I":
      return { kind: "readingItems", ...members, wait };
    case "O":
      return { kind: "writingResults", ...members, wait, children: childrenIn(stored, place) };
    default:
      throw new Error(`state '${stored.s}': a stored scope is of kind ${JSON.stringify(stored.k)}, expected one of E, R, T, W, C, I, O, S`);
  }
}

function limitsIn({
  d: deadlineMs,
  b: dueMs,
  bs: seconds,
  ds,
}: StoredScope): Pick<RunningTask, "deadlineMs" | "heartbeat" | "activityTimeoutSeconds"> {
  return { deadlineMs, heartbeat: seconds === undefined ? undefined : { seconds, dueMs }, activityTimeoutSeconds: ds };
}

function decodeExecution({ nm: name, t: startMs, i: input, rd, rt, ab }: StoredExecution, newestEventId: number): ChildExecution {
  const redrives = rd === undefined || rt === undefined ? undefined : { count: rd, redriveMs: rt };
  return { name, startMs, input, redrives, wasStopped: ab === true, newestEventId };
}

function childrenIn({ c }: StoredScope, place: Place | undefined): Children {
  if (c === undefined) throw new Error("a stored scope has no children, expected some of its kind");
  const at = place && { parts: place.parts, path: `${place.path}.${partNames.children}` };
  const lists = c.p !== undefined && at ? listsOfParts(c, c.p, at) : listsOf(c);
  const scopes = { count: c.n, next: c.x, live: decodeScopes(lists.live, at), outputs: lists.outputs };
  const stood = lists.stood && (decodeScopes(lists.stood) as Record<string, Stood>);
  const toGoOn = lists.toGoOn && (decodeScopes(lists.toGoOn) as Record<string, Stood>);
  if (c.m === undefined) return { of: "Parallel", ...scopes, stood, toGoOn };
  return {
    of: "Map",
    ...scopes,
    stood,
    toGoOn,
    items: lists.items,
    concurrency: c.m,
    toleratedCount: c.tc,
    toleratedPercentage: c.tp,
    notes: lists.notes?.map(([startMs, stopMs, input, name]) => ({ startMs, stopMs, input, name })),
    run: mapRunIn(c),
  };
}

function mapRunIn({ a: arn, f = 0, rd = 0, wd }: StoredChildren): MapRun | undefined {
  return arn === undefined ? undefined : { arn, failures: f, redriveCount: rd, resultsLieOutside: wd === true };
}

/** The members of children that grow with their number. */
interface Lists {
  readonly live: StoredScopes;
  readonly outputs: JsonValue[];
  readonly items: readonly JsonValue[] | undefined;
  readonly notes: readonly StoredNote[] | undefined;
  readonly stood: StoredScopes | undefined;
  readonly toGoOn: StoredScopes | undefined;
}

function listsOf({ l: live, o: outputs, it: items, w: notes, z: stood, y: toGoOn }: StoredChildren): Lists {
  return { live, outputs, items, notes, stood, toGoOn };
}

function listsOfParts({ z, y }: StoredChildren, [outputs, notes]: NonNullable<StoredChildren["p"]>, { parts, path }: Place): Lists {
  const of = (member: string): ReadonlyMap<string, unknown> => parts.get(`${path}.${member}`) ?? new Map();
  const scopes = (member: string): StoredScopes => Object.fromEntries(of(member)) as StoredScopes;
  const list = (member: string, length: number): unknown[] => Array.from({ length }, (_, index) => of(member).get(String(index)) ?? null);
  return {
    live: scopes(partNames.live),
    outputs: list(partNames.outputs, outputs) as JsonValue[],
    items: parts.get(path)?.get(partNames.items) as readonly JsonValue[] | undefined,
    notes: notes < 0 ? undefined : (list(partNames.notes, notes) as StoredNote[]),
    stood: z && scopes(partNames.stood),
    toGoOn: y && scopes(partNames.toGoOn),
  };
}

function decodeScopes(stored: StoredScopes, place?: Place): { [index: string]: Scope } {
  const scopes: { [index: string]: Scope } = {};
  for (const index in stored) {
    const at = place && { parts: place.parts, path: `${place.path}.${partNames.live}.${index}` };
    scopes[index] = decodeScope(stored[index] as StoredScope, at);
  }
  return scopes;
}
