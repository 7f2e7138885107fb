/**
 * Mails on their way.
 *
 * O1. A mail is written in the transaction that needs it, so a code and its mail exist together or not at all.
 * O2. With a mail server it is sent at least once and then removed; failures are tried again for a day. Without one it stays for the operator to read.
 * O3. The box is bounded by lane, so that mails to addresses that strangers typed push none out that goes to people the pool knows; and
 *     by recipient. Within a bound the newest stay.
 */
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { ReadView, Store, Transaction } from "@serverlesspresso/store";
import { keys } from "./keys.ts";
import { kinds } from "./record-kinds.ts";
import type { Mail, MailLane } from "./records.ts";
import { minuteMs } from "./settings.ts";

/** Sends one mail. Rejects if the mail server does not take it. */
export type SendMail = (to: string, subject: string, text: string) => Promise<void>;

/** Mails that wait: for a mail server, or for an operator to pass on. Durable, and bounded by lane. */
export interface Outbox {
  put(tx: Transaction, mail: Required<Pick<Mail, "to" | "subject" | "text" | "lane">>): void;
  /** Newest first. */
  list(view: ReadView): Mail[];
  /** Begins to send what lies there. */
  start(): void;
  stop(): void;
}

/** What the outbox is given. */
export interface OutboxDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Absent where there is no mail server. */
  readonly sendMail: SendMail | undefined;
  readonly onError: (error: unknown, what: string) => void;
}

const maxMails: Record<MailLane, number> = { unconfirmed: 300, reset: 200, invite: 200 };
const maxMailsTo = 20;
const givesUpAfterMs = 24 * 60 * minuteMs;
const retryMs = minuteMs;

/** Returns the outbox of a store. A mail that is not taken is tried again later. */
export function createOutbox({ store, clock, ids, sendMail, onError }: OutboxDeps): Outbox {
  let started = false;
  let sending = false;
  let disarm: () => void = () => {};

  /** Sends one after the other; whatever fails waits for the next round. */
  async function drain(send: SendMail): Promise<void> {
    if (sending || !started) return;
    sending = true;
    let failed = false;
    try {
      for (const [key, mail] of store.scan<Mail>(kinds.mails.range())) {
        if (!started) return;
        const isDone = await attempt(send, mail);
        if (isDone || clock.nowMs() - mail.writtenMs > givesUpAfterMs) await store.transact((tx) => tx.delete(key));
        else failed = true;
      }
    } finally {
      sending = false;
    }
    if (failed && started) disarm = clock.at(clock.nowMs() + retryMs, () => kick());
  }

  async function attempt(send: SendMail, { to, subject, text }: Mail): Promise<boolean> {
    try {
      await send(to, subject, text);
      return true;
    } catch (error) {
      onError(error, "sending a mail");
      return false;
    }
  }

  function kick(): void {
    if (sendMail !== undefined && started) drain(sendMail).catch((error: unknown) => onError(error, "the outbox"));
  }

  return {
    put(tx, mail) {
      const id = ids.ulid();
      tx.put(keys.mail(id), { id, ...mail, writtenMs: clock.nowMs() } satisfies Mail);
      const all = tx.scan<Mail>(kinds.mails.range());
      const lane = all.filter(([, other]) => (other.lane ?? "reset") === mail.lane);
      const box = all.filter(([, other]) => other.to === mail.to);
      for (const [key] of [...oldest(lane, maxMails[mail.lane]), ...oldest(box, maxMailsTo)]) tx.delete(key);
      tx.afterCommit(kick);
    },
    list: (view) => view.scan<Mail>(kinds.mails.range(), { reverse: true }).map(([, mail]) => mail),
    start() {
      started = true;
      kick();
    },
    stop() {
      started = false;
      disarm();
    },
  };
}

/** Those beyond the newest `most`. */
function oldest<T>(entries: readonly T[], most: number): readonly T[] {
  return entries.slice(0, Math.max(0, entries.length - most));
}
