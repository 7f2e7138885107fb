/**
 * How an execution under way lies in the store.
 *
 * O1. One record holds what changes with every step; what is large or many stands beside it in parts (`xy`), each under a place of
 *     its own: `q.c.l.7` the seventh child of a Map, `q.c.o.7` its output, `i` the execution's input, `open.9` an open wait.
 * O2. A step writes the record and the parts that it changed: what it writes does not grow with the number of the others.
 * O3. A record of an earlier release has no parts, and is read as it is.
 */
import { decodeState, type ExecutionState, encodeState, joinState, type StoredState, splitState } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { type ExecutionId, keys } from "./keys.ts";
import type { OpenWait, RunningHead, RunningRecord } from "./records.ts";

/** What the store holds of an execution: state and waits as last written, by identity. */
export interface StoredRunning {
  readonly state: ExecutionState | undefined;
  readonly open: RunningRecord["open"];
}

const mostOpenTogether = 32;
const openPlace = "open.";

/** Returns the state and waits of a record that the store now holds, for `writeRunning` to compare with the next ones. */
export function storedOf({ state, open }: RunningRecord): StoredRunning {
  return { state, open };
}

/** Returns the whole execution, or undefined if it does not run. */
export function readRunning(view: ReadView, id: ExecutionId): RunningRecord | undefined {
  const head = view.get<RunningHead>(keys.running(id));
  if (head === undefined) return undefined;
  const { parts, state, ...record } = head;
  if (parts === undefined) return { ...record, ...(state && { state: decodeState(state) }) };
  const found = view.scan(keys.partsOf(id)).map(([key, value]) => [keys.placeOf(key), value] as const);
  const open = found.flatMap(([place, wait]) => (place.startsWith(openPlace) ? [[place.slice(openPlace.length), wait]] : []));
  return {
    ...record,
    ...(state && {
      state: joinState(
        state,
        found.filter(([place]) => !place.startsWith(openPlace)),
      ),
    }),
    open: { ...record.open, ...Object.fromEntries(open) },
  };
}

/** Writes what differs from what is stored (O2). Returns what is stored now. */
export function writeRunning(tx: Transaction, id: ExecutionId, record: RunningRecord, before: StoredRunning | undefined): StoredRunning {
  const now: StoredRunning = { state: record.state, open: { ...record.open } };
  const [parts, old] = [partsIn(now), before === undefined ? whole : partsIn(before)];
  for (const place of old.keys()) if (!parts.has(place)) tx.delete(keys.part(id, place));
  for (const [place, { of, value }] of parts) if (old.get(place)?.of !== of) tx.put(keys.part(id, place), value);
  const head = headOf(record, record.state && splitState(record.state).head);
  if (isApart(record.open)) head.open = {};
  if (parts.size > 0) head.parts = true;
  tx.put(keys.running(id), head);
  return now;
}

/** Writes the record as one, for those who read it before the transaction ends and `writeRunning` writes it. */
export function writeWhole(tx: Transaction, id: ExecutionId, record: RunningRecord): void {
  tx.put(keys.running(id), headOf(record, record.state && encodeState(record.state)));
}

type NewHead = { -readonly [Name in keyof RunningHead]: RunningHead[Name] | undefined } & { readonly input: undefined };

/** Its state takes another form, its input stands elsewhere: what is kept in memory alone, and has `untold` events, is never written. */
function headOf(record: RunningRecord, state: StoredState | undefined): NewHead {
  return { ...record, input: undefined, state };
}

/** Deletes the record of an execution that runs no longer, and the parts stored beside it. */
export function removeRunning(tx: Transaction, id: ExecutionId, stored: StoredRunning | undefined): void {
  tx.delete(keys.running(id));
  if (stored !== undefined) for (const place of partsIn(stored).keys()) tx.delete(keys.part(id, place));
}

interface Part {
  readonly of: unknown;
  readonly value: unknown;
}

const whole: ReadonlyMap<string, Part> = new Map();

function partsIn({ state, open }: StoredRunning): ReadonlyMap<string, Part> {
  const parts: ReadonlyMap<string, Part> = state === undefined ? whole : splitState(state).parts;
  if (!isApart(open)) return parts;
  const waits = Object.entries(open).map(([wait, value]): [string, Part] => [openPlace + wait, { of: value, value }]);
  return new Map([...parts, ...waits]);
}

function isApart(open: Readonly<Record<string, OpenWait>>): boolean {
  return Object.keys(open).length > mostOpenTogether;
}
