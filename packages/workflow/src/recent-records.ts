import type { Transaction } from "@serverlesspresso/store";
import type { ExecutionId } from "./keys.ts";
import type { RunningRecord } from "./records.ts";

/** The records written last, as transactions see them, so that a callback that comes soon reads and parses nothing. */
export interface RecentRecords {
  get(id: ExecutionId): RunningRecord | undefined;
  set(tx: Transaction, id: ExecutionId, record: RunningRecord): void;
  delete(id: ExecutionId): void;
}

const most = 2_000;

/** Returns an empty memory of the records written last. */
export function createRecentRecords(): RecentRecords {
  const records = new Map<ExecutionId, RunningRecord>();
  return {
    get: (id) => records.get(id),
    set(tx, id, record) {
      records.delete(id);
      records.set(id, record);
      // What is undone may have replaced something older: that is read again.
      tx.onUndo(() => void records.delete(id));
      if (records.size > most) records.delete(records.keys().next().value as ExecutionId);
    },
    delete: (id) => void records.delete(id),
  };
}
