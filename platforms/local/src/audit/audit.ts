/**
 * Who did what, and when: every change that an operator makes, through the HTTP API, AWS's own protocols or a command.
 *
 * U1. An act is written before it is done, with its transaction or an earlier one, so that none is acknowledged that is not here. What came of it is
 *     added before it is answered; where that is missing, the process ended in between.
 * U2. Of a request only names are kept: who, the operation, and members that name things. No body, no token, no password.
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
/** As it is kept and listed; `outcome` is 0 until it is known, then the status that was answered. */
export interface AuditRecord extends Act {
  readonly sequence: number;
  readonly atMs: number;
  readonly outcome: number;
}

export interface Audit {
  /** Writes the act, does it, and adds what came of it. */
  around<T>(act: Act, perform: () => Promise<T>, outcomeOf: (result: T) => number): Promise<T>;
  /** Writes an act that was done elsewhere, and well. */
  note(act: Act): Promise<void>;
  /** Newest first; `next` goes on where the last page ended. */
  list(maxItems: number, before?: number): { readonly acts: readonly AuditRecord[]; readonly next: number | null };
}

const mostActs = 100_000;

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
  function end(record: AuditRecord, outcome: number): Promise<void> {
    const written = store.transact((tx) => tx.put(kinds.audit.key(record.sequence), { ...record, outcome }));
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
        await end(record, statusOf(error));
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

const longest = 300;

/** U3. */
function clean({ who, address, what, about }: Act): Act {
  const text = (value: string): string => oneLine(value.slice(0, longest));
  const members = Object.entries(about).map(([name, value]): [string, JsonValue] => [
    text(name),
    typeof value === "string" ? text(value) : value,
  ]);
  return { who: text(who), address: text(address), what: text(what), about: Object.fromEntries(members) };
}

const naming = /(?:Arn|Name|Id|Url|Username|Rule|state|minutes|action)$|^(?:name|arn|Name|status|reopensAt|storeOpen)$/;
const secret = /token|password|secret|credential|code$/i;

/** U2. The members of a request that name what it is about; keys of an item count. */
export function namesOf(request: JsonValue): JsonObject {
  if (typeof request !== "object" || request === null || Array.isArray(request)) return {};
  const members = Object.entries(request as JsonObject).flatMap(([name, value]): [string, JsonValue][] => {
    if (secret.test(name)) return [];
    if (name === "Key" && JSON.stringify(value).length <= longest) return [[name, JSON.stringify(value)]];
    return naming.test(name) && ["string", "number", "boolean"].includes(typeof value) ? [[name, value]] : [];
  });
  return Object.fromEntries(members.slice(0, 20));
}
