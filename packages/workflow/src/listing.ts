/**
 * The lists of executions, the newest start first.
 *
 * B1. A list reads about as much as it shows, however many others there are: by how they ended, by Map run, by redrive, by version and alias.
 *     Of two filters at once the narrower one leads, and the other is looked at record by record.
 * B2. Those that run are exactly those that run at this instant.
 */
import type { Key, KeyRange, ReadView } from "@serverlesspresso/store";
import type { ClosedStatus, Scope } from "./closed-marks.ts";
import { type ExecutionId, executionIdOf, keys, partsOfId } from "./keys.ts";
import type { ClosedRecord, ExecutionIdentity } from "./records.ts";
import type { ListedRunning, RunningIdentities } from "./running-identities.ts";

const pageOfRecords = 200;

/** Where a page of a list begins, how many entries it holds at most, and which. */
export interface ListOptions {
  readonly limit: number;
  /** Exclusive. */
  readonly beforeMs: number | undefined;
  /** Whether those that run are listed. */
  readonly isRunning: boolean;
  /** The ends of those that have ended. */
  readonly ends: readonly ClosedStatus[];
  /** The marks that lead to those that have ended (`closed-store.ts`). */
  readonly scope: Scope;
  /** Lists those alone that this holds for. */
  readonly only: (record: ExecutionIdentity | ClosedRecord) => boolean;
}

/** An execution in a list. */
export type Listed = { readonly id: ExecutionId; readonly machine: string } & (
  | { readonly running: ListedRunning }
  | { readonly closed: ClosedRecord }
);

/** Returns a page of a machine's executions. */
export function listExecutions(view: ReadView, identities: RunningIdentities, machine: string, options: ListOptions): Listed[] {
  const { limit, isRunning, ends } = options;
  const found: Listed[] = [];
  if (isRunning) {
    for (const id of runningIn(view, machine, options)) {
      const running = identities.of(view, id);
      if (running !== undefined && options.only(running.identity)) found.push({ id, machine, running });
      if (found.length === limit) break;
    }
  }
  if (ends.length > 0) found.push(...take(closedIn(view, machine, options), limit));
  return isRunning && ends.length > 0 ? found.sort((one, other) => placeOf(other.id) - placeOf(one.id)).slice(0, limit) : found;
}

function* runningIn(view: ReadView, machine: string, options: ListOptions): Generator<ExecutionId> {
  for (const key of keysDown(view, upTo(keys.runningOf(machine), keys.running, machine, options), options.limit)) yield keys.idOf(key);
}

function* closedIn(view: ReadView, machine: string, options: ListOptions): Generator<Listed> {
  const { scope, ends, only } = options;
  const isListed = (record: ClosedRecord): boolean => ends.includes(record.status) && only(record);
  if (scope !== "" || !ends.includes("SUCCEEDED")) {
    for (const id of markedIn(view, machine, options)) {
      const closed = view.get<ClosedRecord>(keys.closed(id));
      if (closed !== undefined && isListed(closed)) yield { id, machine, closed };
    }
    return;
  }
  for (const [key, closed] of recordsDown(view, upTo(keys.closedOf(machine), keys.closed, machine, options), options.limit)) {
    if (isListed(closed)) yield { id: keys.idOf(key), machine, closed };
  }
}

/** The marked ones of all ends that are asked for, together in the order of their starts. */
function* markedIn(view: ReadView, machine: string, options: ListOptions): Generator<ExecutionId> {
  const heads = options.ends.map((end) => {
    const keyAt = (id: ExecutionId): Key => keys.mark(id, options.scope, end);
    return keysDown(view, upTo(keys.marksOf(machine, options.scope, end), keyAt, machine, options), options.limit);
  });
  const next = heads.map((ids) => ids.next());
  for (;;) {
    let latest = -1;
    for (const [at, { done, value }] of next.entries()) {
      if (!done && (latest < 0 || keys.startOfMark(value) > keys.startOfMark(next[latest]?.value ?? ""))) latest = at;
    }
    const [ids, found] = [heads[latest], next[latest]];
    if (ids === undefined || found === undefined || found.done) return;
    yield executionIdOf(machine, keys.startOfMark(found.value));
    next[latest] = ids.next();
  }
}

function upTo(range: KeyRange, keyAt: (id: ExecutionId) => Key, machine: string, { beforeMs }: ListOptions): KeyRange {
  return beforeMs === undefined ? range : { ...range, end: keyAt(executionIdOf(machine, beforeMs)) };
}

/** The keys from the last one on; values are not read. @param first how many are read at first, later ones in pages of a fixed number */
function* keysDown(view: ReadView, whole: KeyRange, first: number): Generator<Key, undefined> {
  for (let [range, limit] = [whole, first]; ; limit = pageOfRecords) {
    const page = view.keys(range, { reverse: true, limit });
    yield* page;
    const last = page.at(-1);
    if (page.length < limit || last === undefined) return undefined;
    range = { ...range, end: last };
  }
}

function* recordsDown(view: ReadView, whole: KeyRange, first: number): Generator<[Key, ClosedRecord]> {
  for (let [range, limit] = [whole, first]; ; limit = pageOfRecords) {
    const page = view.scan<ClosedRecord>(range, { reverse: true, limit });
    yield* page;
    const last = page.at(-1)?.[0];
    if (page.length < limit || last === undefined) return;
    range = { ...range, end: last };
  }
}

function take<T>(items: Iterable<T>, limit: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === limit) break;
  }
  return taken;
}

/** Of a child, its place in the order of start. */
function placeOf(id: ExecutionId): number {
  return partsOfId(id).startMs;
}
