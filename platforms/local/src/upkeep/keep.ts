/** How long what a shop leaves behind is kept. */
import type { Store } from "@serverlesspresso/store";
import { kinds } from "../record-kinds.ts";

/** In days; undefined for ever. */
export interface Keep {
  /** From the end of an execution on, with its history and its name. */
  readonly executions: number | undefined;
  /** Events on the bus. */
  readonly archive: number | undefined;
  /** Lines of log groups that have no retention of their own. */
  readonly logs: number | undefined;
  /** Orders that are over. */
  readonly orders: number | undefined;
  readonly metrics: number | undefined;
}

/** How many days each kind is kept unless the operator says otherwise; undefined keeps it for good. */
export const usualKeep: Keep = { executions: 90, archive: 30, logs: 30, orders: undefined, metrics: undefined };
const mostDays = 36_500;

/** Where the folder says how long its bar keeps what. */
export const keepKey = kinds.keep.key();
/** As it is written: a kind that is kept for ever is missing. */
export type StoredKeep = Partial<Keep>;

/** Writes down how long this bar keeps what, for commands that read its folder. */
export async function noteKeep(store: Store, keep: Keep): Promise<void> {
  const text = JSON.stringify(keep);
  if (JSON.stringify(store.get<StoredKeep>(keepKey)) !== text) await store.transact((tx) => tx.put(keepKey, keep));
}

/** Returns every kind with its days, undefined for those that the folder does not name. */
export function keepOf(stored: StoredKeep): Keep {
  const { executions, archive, logs, orders, metrics } = stored;
  return { executions, archive, logs, orders, metrics };
}

/**
 * Reads `KIND=DAYS` or `KIND=forever`, as often as there are kinds.
 * @throws {RangeError} that says what one has and what was expected
 */
export function parseKeep(entries: readonly string[]): Keep {
  const keep: Record<string, number | undefined> = { ...usualKeep };
  const said = new Map<string, string>();
  for (const entry of entries) {
    const [, kind = "", days = ""] = /^([a-z]+)=(forever|\d{1,5})$/.exec(entry.trim()) ?? [];
    const isKind = Object.hasOwn(usualKeep, kind);
    const count = days === "forever" ? undefined : Number(days);
    if (!isKind || count === 0 || (count ?? 1) > mostDays) {
      const kinds = Object.keys(usualKeep).join(", ");
      throw new RangeError(`"${entry}", expected KIND=DAYS with 1 to ${mostDays} days or forever, and a kind of ${kinds}`);
    }
    const earlier = said.get(kind);
    if (earlier !== undefined) throw new RangeError(`"${entry}", but an earlier entry says "${earlier}": expected each kind once`);
    said.set(kind, entry);
    keep[kind] = count;
  }
  return keep as unknown as Keep;
}
