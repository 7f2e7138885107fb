/**
 * Codes on their way by mail.
 *
 * M1. Mails to one address are counted by who asks first, and in all only far later. A device that has signed in to the account is not
 *     counted with the others: however often strangers ask, its owner gets a code.
 * M2. Who has asked too often is answered as ever while the last code is good, and gets no other: it lies in the mailbox.
 */
import type { Transaction } from "@serverlesspresso/store";
import type { CodeHolder, CodePurpose } from "./codes.ts";
import type { PoolEngine } from "./engine.ts";
import { IdentityError } from "./errors.ts";
import { mailText } from "./mail-texts.ts";
import type { Requester } from "./requester.ts";
import { sha256 } from "./secrets.ts";

type Asked = Omit<CodeHolder, "requester">;

/** Makes a code and writes its mail. @throws {IdentityError} `LimitExceededException` */
export function mailCode(
  engine: PoolEngine,
  tx: Transaction,
  purpose: CodePurpose,
  asked: Asked,
  requester: Requester,
  locale: string | undefined,
): void {
  const code = pretendToMail(engine, tx, purpose, asked, requester);
  if (code !== undefined) putMail(engine, tx, purpose, asked, code, locale);
}

/** Has an admin's code mailed: no stranger can ask for one, so nothing is counted. */
export function mailAdminsCode(engine: PoolEngine, tx: Transaction, purpose: CodePurpose, asked: Asked): void {
  putMail(engine, tx, purpose, asked, engine.codes.make(tx, purpose, { ...asked, requester: "" }), undefined);
}

/** All that `mailCode` does but the mail: the answers that follow must not tell the two apart. Undefined where an earlier code has to do (M2). */
export function pretendToMail(
  engine: PoolEngine,
  tx: Transaction,
  purpose: CodePurpose,
  asked: Asked,
  requester: Requester,
): string | undefined {
  const holder: CodeHolder = { ...asked, requester: requester.name };
  try {
    count(engine, tx, asked, requester);
  } catch (error) {
    if (error instanceof IdentityError && engine.codes.isAlive(tx, purpose, holder)) return undefined;
    throw error;
  }
  return engine.codes.make(tx, purpose, holder);
}

/** M1. */
function count({ limits, devices, settings }: PoolEngine, tx: Transaction, { username, user }: Asked, requester: Requester): void {
  const to = user?.email ?? username;
  const pair = sha256(`${to} ${requester.name}`);
  limits.take(tx, "mail-from", pair, settings().mailsPerRequester);
  if (devices.isKnown(tx, user?.sub, requester)) return;
  try {
    limits.take(tx, "mail", to, settings().mailsPerAccount);
  } catch (error) {
    limits.giveBack(tx, "mail-from", pair);
    throw error;
  }
}

function putMail(
  { outbox }: PoolEngine,
  tx: Transaction,
  purpose: CodePurpose,
  { username, user }: Asked,
  code: string,
  locale?: string,
): void {
  const lane = user?.status === "UNCONFIRMED" ? "unconfirmed" : "reset";
  outbox.put(tx, { to: user?.email ?? username, lane, ...mailText(purpose, code, locale) });
}
