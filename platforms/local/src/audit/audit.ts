/**
 * Who did what, and when: every change that an operator makes, through the HTTP API, AWS's own protocols or a command.
 *
 * U1. An act is written before it is done, with its transaction or an earlier one, so that none is acknowledged that is not here. What came of it is
 *     added before it is answered; where that is missing, the process ended in between. One that is a single transaction has both written in it.
 * U2. Of a request only names are kept: who, the operation, members that name things, and the numbers and switches of a setting (`about.ts`).
 *     No body, no text that a user wrote, no token, no password.
 * U3. Whatever text comes from outside is kept without characters that end a line or turn its direction.
 * U4. The last `mostActs` are kept.
 * U5. What a command changes in the folder is written by it where no bar runs, and else by the bar once it sees the change (`offline.ts`).
 */
import type { Clock, JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Store, Transaction } from "@serverlesspresso/store";
import { oneLine } from "../one-line.ts";
import { kinds } from "../record-kinds.ts";

/** One act. */
export interface Act {
  /** The user's subject, or `access key`. */
  readonly who: string;
  readonly address: string;
  /** `PUT /config`, or `states:StopExecution`. */
  readonly what: string;
  /** Members that name what it is about. */
  readonly about: JsonObject;
}
/** What came of an act: a status, and what it made, if only that names what it is about. */
export interface Outcome {
  readonly status: number;
  readonly made?: JsonObject | undefined;
}
/** As it is kept and listed; `outcome` is 0 until it is known, then the status that was answered. */
export interface AuditRecord extends Act {
  readonly sequence: number;
  readonly atMs: number;
  readonly outcome: number;
}

/** The log of what operators did (U1, U2). Records are durable before `around` performs the act. */
export interface Audit {
  /** Writes the act, does it, and adds what came of it. */
  around<T>(act: Act, perform: () => Promise<T>, outcomeOf: (result: T) => Outcome): Promise<T>;
  /** The same for an act that is one transaction: `perform` calls what it is given within it, at its end. */
  within<T>(act: Act, perform: (note: (tx: Transaction) => void) => Promise<T>): Promise<T>;
  /** Writes an act that was done elsewhere, and well. */
  note(act: Act): Promise<void>;
  /** Newest first; `next` goes on where the last page ended. */
  list(maxItems: number, before?: number): { readonly acts: readonly AuditRecord[]; readonly next: number | null };
}

const mostActs = 100_000;

/** Returns the audit log of a store. It keeps the newest 100,000 acts; `onError` receives what could not be written. */
export function createAudit({
  store,
  clock,
  onError,
}: {
  store: Store;
  clock: Clock;
  onError: (error: unknown, what: string) => void;
}): Audit {
  let last = 0;
  for (const [, { sequence }] of store.scan<AuditRecord>(kinds.audit.range(), { reverse: true, limit: 1 })) last = sequence;

  function begin(tx: Transaction, record: AuditRecord): void {
    tx.put(kinds.audit.key(record.sequence), record);
    if (record.sequence > mostActs) tx.delete(kinds.audit.key(record.sequence - mostActs));
  }

  /** The act is done or refused by now, whatever comes of this. */
  function end(record: AuditRecord, { status: outcome, made }: Outcome): Promise<void> {
    const about = clean({ ...record, about: { ...record.about, ...made } }).about;
    const written = store.transact((tx) => tx.put(kinds.audit.key(record.sequence), { ...record, about, outcome }));
    return written.catch((error: unknown) => onError(error, "audit"));
  }

  function recordOf(act: Act, outcome: number): AuditRecord {
    last += 1;
    return { ...clean(act), sequence: last, atMs: clock.nowMs(), outcome };
  }

  return {
    note: (act) => store.transact((tx) => begin(tx, recordOf(act, 200))),
    async around(act, perform, outcomeOf) {
      const record = recordOf(act, 0);
      // Not awaited before the act: transactions are written in order, so the act's own never comes before it (U1).
      const begun = store.transact((tx) => begin(tx, record));
      try {
        const [result] = await Promise.all([perform(), begun]);
        await end(record, outcomeOf(result));
        return result;
      } catch (error) {
        await begun;
        await end(record, { status: statusOf(error) });
        throw error;
      }
    },
    async within(act, perform) {
      const record = recordOf(act, 200);
      try {
        return await perform((tx) => begin(tx, record));
      } catch (error) {
        // Its transaction is undone, and the record with it.
        await store.transact((tx) => begin(tx, { ...record, outcome: statusOf(error) }));
        throw error;
      }
    },
    list(maxItems, before = last + 1) {
      const range = { ...kinds.audit.range(), end: kinds.audit.key(before) };
      const acts = store.scan<AuditRecord>(range, { reverse: true, limit: maxItems }).map(([, record]) => record);
      const oldest = acts.at(-1)?.sequence ?? 0;
      return { acts, next: acts.length === maxItems && oldest > Math.max(1, last - mostActs + 1) ? oldest : null };
    },
  };
}

/** What an error answers: a refusal's status, AWS's, or 500. */
function statusOf(error: unknown): number {
  const { status, problem, name, code } = error as { status?: unknown; problem?: { status?: unknown }; name?: string; code?: string };
  const found = status ?? problem?.status;
  if (typeof found === "number") return found;
  return typeof code === "string" && name === code ? 400 : 500;
}

/** Characters of a text that is kept. */
export const longest = 300;

/** U3. */
function clean({ who, address, what, about }: Act): Act {
  const text = (value: string): string => oneLine(value.slice(0, longest));
  const members = Object.entries(about).map(([name, value]): [string, JsonValue] => [
    text(name),
    typeof value === "string" ? text(value) : value,
  ]);
  return { who: text(who), address: text(address), what: text(what), about: Object.fromEntries(members) };
}
