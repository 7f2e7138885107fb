/**
 * Who the executions are that are under way, kept in memory for those started last: a list of them reads keys alone.
 *
 * I1. What is kept of an execution is what the newest transaction sees of it, and is the same until it ends: one that was redriven, which may
 *     change, is read each time.
 * I2. What a list shows of one is made once and shared; it is frozen.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { type ExecutionId, keys, partsOfId } from "./keys.ts";
import { identityOf } from "./live.ts";
import type { ExecutionIdentity, RunningHead } from "./records.ts";

/** An execution under way, as lists have it. */
export interface ListedRunning {
  readonly identity: ExecutionIdentity;
  /** What ListExecutions shows of it. */
  readonly summary: JsonObject;
}

/** The executions under way. */
export interface RunningIdentities {
  /** Returns the execution that runs in this view; undefined for an Express one, which no list shows. */
  of(view: ReadView, id: ExecutionId): ListedRunning | undefined;
  /** Keeps who starts in this transaction. */
  note(tx: Transaction, id: ExecutionId, record: Pick<RunningHead, "express"> & ExecutionIdentity): void;
  /** Forgets one that ends. */
  forget(id: ExecutionId): void;
}

const most = 4_000;

/** @param summaryOf makes what a list shows of an execution under way */
export function createRunningIdentities(
  summaryOf: (id: ExecutionId, machine: string, identity: ExecutionIdentity) => JsonObject,
): RunningIdentities {
  const known = new Map<ExecutionId, ListedRunning>();

  function listed(id: ExecutionId, record: ExecutionIdentity): ListedRunning {
    const identity = identityOf(record);
    return { identity, summary: Object.freeze(summaryOf(id, partsOfId(id).machine, identity)) };
  }

  function keep(tx: Transaction, id: ExecutionId, entry: ListedRunning): void {
    if (entry.identity.redrives !== undefined) return;
    known.set(id, entry);
    tx.onUndo(() => void known.delete(id));
    if (known.size > most) known.delete(known.keys().next().value ?? id);
  }

  return {
    of(view, id) {
      const kept = known.get(id);
      if (kept !== undefined) return kept;
      const record = view.get<RunningHead>(keys.running(id));
      if (record === undefined || record.express !== undefined) return undefined;
      const entry = listed(id, record);
      // I1. Another view may be older.
      if (isTransaction(view)) keep(view, id, entry);
      return entry;
    },
    note(tx, id, record) {
      if (record.express === undefined) keep(tx, id, listed(id, record));
    },
    forget: (id) => void known.delete(id),
  };
}

function isTransaction(view: ReadView): view is Transaction {
  return "put" in view;
}
