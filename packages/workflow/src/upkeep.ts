/**
 * Forgets executions past their retention, and packs the histories of those that have ended, once an hour and soon after a start.
 *
 * F1. An execution is forgotten whole: record, name, history, Map runs, and where it stood. None that runs is, however old.
 * F2. It is forgotten the retention's days after it ended; its name may be used again then.
 */
import { createUpkeep, type Key, partsOf, type ReadView, type Transaction, type Upkeep, type UpkeepStep } from "@serverlesspresso/store";
import { removeClosed } from "./closed-store.ts";
import type { Engine } from "./engine.ts";
import { histories } from "./history.ts";
import { executionIdOf, keys } from "./keys.ts";
import { kinds } from "./record-kinds.ts";
import type { ClosedRecord } from "./records.ts";

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const coldMs = 600_000;
const forgottenAtOnce = 50;

/** @param retentionDays how long after its end an execution is kept; undefined for ever */
export function createExecutionUpkeep({ store, clock, onError }: Engine, retentionDays: number | undefined): Upkeep {
  function* steps(): Generator<UpkeepStep> {
    const nowMs = clock.nowMs();
    for (const machine of machinesIn(store)) {
      if (retentionDays !== undefined) yield* forgetBefore(store, machine, nowMs - retentionDays * dayMs);
      yield* packMachine(machine, nowMs - coldMs);
    }
  }
  return createUpkeep({ store, clock, everyMs: hourMs, steps, what: "upkeep of executions", onError });
}

/** Every machine of which there is an execution that has ended, deleted ones too. */
function* machinesIn(view: ReadView): Generator<string> {
  for (let range = kinds.closed.range(); ; ) {
    const [key] = view.keys(range, { limit: 1 });
    if (key === undefined) return;
    const machine = partsOf(key)[1] as string;
    yield machine;
    range = { ...range, start: keys.closedOf(machine).end };
  }
}

function* forgetBefore(view: ReadView, machine: string, beforeMs: number): Generator<UpkeepStep> {
  if (beforeMs <= 0) return;
  // None ends before it starts.
  const end = keys.closed(executionIdOf(machine, beforeMs));
  for (let start: Key | undefined = keys.closedOf(machine).start; start !== undefined; ) {
    const found: [Key, ClosedRecord][] = view.scan<ClosedRecord>({ start, end }, { limit: forgottenAtOnce });
    yield (tx) => {
      for (const [key, record] of found) if (record.stopMs < beforeMs) forget(tx, key, record);
    };
    start = found.length < forgottenAtOnce ? undefined : `${found.at(-1)?.[0]}\u0000`;
  }
  const first = firstLeft(view, machine);
  const range = {
    start: kinds.histories.range(machine).start,
    end: first === undefined ? kinds.histories.range(machine).end : kinds.histories.key(machine, first),
  };
  for (let isMore = true; isMore; ) yield (tx) => void (isMore = histories.drop(tx, range, forgottenAtOnce));
}

/** F1. What of its history is in a block goes with that. */
function forget(tx: Transaction, key: Key, { name }: ClosedRecord): void {
  const record = tx.get<ClosedRecord>(key);
  // Redriven meanwhile.
  if (record === undefined) return;
  const id = keys.idOf(key);
  const [, machine, startMs] = partsOf(key) as [string, string, number];
  removeClosed(tx, id, record);
  tx.delete(keys.stood(id));
  if (tx.get(keys.name(machine, name)) === startMs) tx.delete(keys.name(machine, name));
  for (const one of tx.keys(keys.historyOf(id))) tx.delete(one);
  for (const one of tx.keys(keys.mapRunsOf(id))) {
    tx.delete(one);
    tx.delete(keys.mapRunPlace(partsOf(one)[3] as string));
  }
}

/** When the first execution of the machine started that is still known. */
function firstLeft(view: ReadView, machine: string): number | undefined {
  const starts = [keys.closedOf(machine), keys.runningOf(machine)].flatMap((range) =>
    view.keys(range, { limit: 1 }).map((key) => partsOf(key)[2] as number),
  );
  return starts.length === 0 ? undefined : Math.min(...starts);
}

function* packMachine(machine: string, endedByMs: number): Generator<UpkeepStep> {
  for (let range = kinds.histories.range(machine), next: Key | undefined = range.start; next !== undefined; ) {
    range = { ...range, start: next };
    yield (tx) => {
      const hasEnded = new Map<number, boolean>();
      const isCold = (key: Key): boolean => {
        const startMs = partsOf(key)[2] as number;
        const known =
          hasEnded.get(startMs) ??
          (tx.get<ClosedRecord>(keys.closed(executionIdOf(machine, startMs)))?.stopMs ?? Number.POSITIVE_INFINITY) <= endedByMs;
        hasEnded.set(startMs, known);
        return known;
      };
      next = histories.pack(tx, { range, isCold });
    };
  }
}
