/**
 * E-mailed codes of six digits.
 *
 * C1. A code is good once, for ten minutes, for one purpose of one user; a new one ends the old.
 * C2. The fifth wrong try ends it. A code is made for every caller, and mailed to the account's owner alone: trying codes for an address
 *     without an account fails as for one with an account.
 * C3. Each requester has a code of its own: a stranger's request ends only the stranger's code, and so do a stranger's tries.
 *     A code that an admin had sent can be entered from any device.
 * C4. It is bound to the account as it was when it was asked for: after a new sign-up, another address or another password it no longer counts.
 */
import type { Clock } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { IdentityError } from "./errors.ts";
import type { Expiry } from "./expiry.ts";
import { keys } from "./keys.ts";
import type { Code, User } from "./records.ts";
import { keyedHash, sameText, sha256 } from "./secrets.ts";
import { codeLifeMs, maxCodeTries } from "./settings.ts";

/** What a mailed code is for: to confirm an address, or to reset a password. */
export type CodePurpose = "confirm" | "reset";

/** Who a code is asked for: the name given, and its user where there is one. */
export interface CodeHolder {
  readonly username: string;
  readonly user: User | undefined;
  /** Who asked (C3); empty where an admin did. */
  readonly requester: string;
}

/** Codes of digits sent by mail (C1 to C4). */
export interface Codes {
  /** Makes a new code and returns it, to be mailed. */
  make(tx: Transaction, purpose: CodePurpose, holder: CodeHolder): string;
  /** Whether a code that was made for this holder can still be entered. */
  isAlive(view: ReadView, purpose: CodePurpose, holder: CodeHolder): boolean;
  /** Uses the code up if it fits. A wrong try is counted, so the transaction has to be committed whatever the outcome. */
  use(tx: Transaction, purpose: CodePurpose, holder: CodeHolder, code: string): "fits" | "wrong" | "none";
}

/** Returns the codes of a pool. `secret` keys the hashes under which they are stored; `digits` draws a code. */
export function createCodes(clock: Clock, secret: string, digits: () => string, expiry: Expiry): Codes {
  const hashOf = (purpose: CodePurpose, key: string, code: string): string => keyedHash(secret, "code", purpose, key, code);
  /** Changes with the account (C4). */
  const bindingOf = ({ user }: CodeHolder): string =>
    keyedHash(secret, "code-for", user?.sub ?? "", user?.email ?? "", user?.passwordHash ?? "");

  const keyOf = (purpose: CodePurpose, holder: CodeHolder): string => keys.code(purpose, nameOf(holder), holder.requester);
  const alive = (view: ReadView, key: string, holder: CodeHolder): Code | undefined => {
    const known = view.get<Code>(key);
    return known === undefined || known.expiresMs <= clock.nowMs() || known.boundTo !== bindingOf(holder) ? undefined : known;
  };

  function tryOne(tx: Transaction, purpose: CodePurpose, holder: CodeHolder, code: string): "fits" | "wrong" | "none" {
    const key = keyOf(purpose, holder);
    const known = alive(tx, key, holder);
    if (known === undefined) return "none";
    const fits = sameText(known.hash, hashOf(purpose, key, code));
    if (fits || known.triesLeft <= 1) tx.delete(key);
    else tx.put(key, { ...known, triesLeft: known.triesLeft - 1 } satisfies Code);
    return fits ? "fits" : "wrong";
  }

  return {
    make(tx, purpose, holder) {
      const code = digits();
      const key = keyOf(purpose, holder);
      const expiresMs = clock.nowMs() + codeLifeMs;
      const boundTo = bindingOf(holder);
      tx.put(key, { hash: hashOf(purpose, key, code), boundTo, triesLeft: maxCodeTries, expiresMs } satisfies Code);
      expiry.set(tx, key, expiresMs);
      return code;
    },
    isAlive: (view, purpose, holder) => alive(view, keyOf(purpose, holder), holder) !== undefined,
    use(tx, purpose, holder, code) {
      const own = tryOne(tx, purpose, holder, code);
      if (own === "fits" || holder.requester === "") return own;
      const sent = tryOne(tx, purpose, { ...holder, requester: "" }, code);
      return sent === "none" ? own : sent;
    },
  };
}

/** Under what a holder's codes are kept; of a name without an account, only a hash of bounded length. */
function nameOf({ user, username }: CodeHolder): string {
  return user?.sub ?? `nobody ${sha256(username.trim().normalize("NFC").toLowerCase())}`;
}

/** The error for a code that was not taken. */
export function codeRefused(outcome: "wrong" | "none"): IdentityError {
  return outcome === "wrong"
    ? new IdentityError("CodeMismatchException", "Invalid verification code provided, please try again.")
    : new IdentityError("ExpiredCodeException", "Invalid code provided, please request a code again.");
}
