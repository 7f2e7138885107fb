/**
 * Forgets events past their retention, once an hour and at start.
 *
 * Z1. The newest event always stays: it says which sequence comes next.
 */
import type { Clock } from "@serverlesspresso/ports";
import type { Store, Transaction } from "@serverlesspresso/store";
import { readSequence } from "./archive.ts";
import { eventKey } from "./envelope.ts";

export interface ArchiveSweep {
  begin(): void;
  end(): void;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const sweptAtOnce = 500;

export function createArchiveSweep(
  { store, clock, onError }: { readonly store: Store; readonly clock: Clock; readonly onError: (error: unknown, what: string) => void },
  retentionDays: number | undefined,
): ArchiveSweep {
  let isBegun = false;
  let disarm = (): void => {};

  /** True where there may be more. */
  function dropSome(tx: Transaction, beforeMs: number): boolean {
    const found = readSequence(tx, { from: undefined, limit: sweptAtOnce + 1 });
    const old = found.slice(0, -1).filter(({ event }) => event.atMs < beforeMs);
    for (const { sequence } of old) tx.delete(eventKey(sequence));
    return old.length === sweptAtOnce;
  }

  async function sweep(days: number): Promise<void> {
    try {
      while (isBegun && (await store.transact((tx) => dropSome(tx, clock.nowMs() - days * dayMs))));
    } catch (error) {
      onError(error, "sweeping the archive of events");
    }
    if (isBegun) disarm = clock.at(clock.nowMs() + hourMs, () => void sweep(days));
  }

  return {
    begin() {
      isBegun = true;
      if (retentionDays !== undefined) void sweep(retentionDays);
    },
    end() {
      isBegun = false;
      disarm();
    },
  };
}
