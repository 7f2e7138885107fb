import type { Key, KeyRange, ReadView } from "@serverlesspresso/store";
import type { Found } from "./found.ts";
import { type ExecutionId, executionIdOf, keys } from "./keys.ts";
import type { ClosedRecord, RunningHead } from "./records.ts";

const pageOfRecords = 200;

/** Where a page of a list begins and how many entries it holds at most. */
export interface ListOptions {
  readonly limit: number;
  readonly status?: string;
  /** Whether those that run, and those that have ended, are looked at; as the status has it. */
  readonly running?: boolean;
  readonly closed?: boolean;
  /** Exclusive. */
  readonly beforeMs?: number;
  /** Lists those alone that this holds for. */
  readonly only?: (record: RunningHead | ClosedRecord) => boolean;
}

/** A machine's executions, the newest start first; with `RUNNING`, exactly those that run at this instant. */
export function listExecutions(view: ReadView, machine: string, options: ListOptions): Found[] {
  const { limit, status, beforeMs, only = () => true } = options;
  const { running: withRunning = status === undefined || status === "RUNNING", closed: withClosed = status !== "RUNNING" } = options;
  const upTo = (range: KeyRange, keyAt: (id: ExecutionId) => Key): KeyRange =>
    beforeMs === undefined ? range : { ...range, end: keyAt(executionIdOf(machine, beforeMs)) };
  const found: Found[] = [];
  if (withRunning) {
    const isListed = (record: RunningHead): boolean => record.express === undefined && only(record);
    for (const [id, running] of collect(view, upTo(keys.runningOf(machine), keys.running), limit, limit, isListed)) {
      found.push({ id, machine, running });
    }
  }
  if (withClosed) {
    const isListed = (record: ClosedRecord): boolean => (status === undefined || record.status === status) && only(record);
    for (const [id, closed] of collect(view, upTo(keys.closedOf(machine), keys.closed), limit, pageOfRecords, isListed)) {
      found.push({ id, machine, closed });
    }
  }
  return found.sort((one, other) => startOf(other) - startOf(one)).slice(0, limit);
}

/** The newest `limit` records that are to be listed, read in pages: of `first` records, then of a fixed number. */
function collect<T>(view: ReadView, whole: KeyRange, limit: number, first: number, isListed: (record: T) => boolean): [string, T][] {
  const found: [string, T][] = [];
  for (let [range, pageLength] = [whole, first]; ; pageLength = pageOfRecords) {
    const page = view.scan<T>(range, { reverse: true, limit: pageLength });
    for (const [key, record] of page) {
      if (isListed(record)) found.push([keys.idOf(key), record]);
      if (found.length >= limit) return found;
    }
    const last = page.at(-1)?.[0];
    if (page.length < pageLength || last === undefined) return found;
    range = { ...range, end: last };
  }
}

function startOf({ id, machine }: Found): number {
  return Number(id.slice(machine.length + 1));
}
