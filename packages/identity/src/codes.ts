/**
 * E-mailed codes of six digits.
 *
 * C1. A code is good once, for ten minutes, for one purpose of one user; a new one ends the old.
 * C2. The fifth wrong try ends it; unknown users, ended codes and missing ones answer alike.
 */
import type { Clock } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { IdentityError } from "./errors.ts";
import type { Expiry } from "./expiry.ts";
import { type Code, keys } from "./records.ts";
import { keyedHash, sameText } from "./secrets.ts";
import { codeLifeMs, maxCodeTries } from "./settings.ts";

export type CodePurpose = "confirm" | "reset";

export interface Codes {
  /** Makes a new code and returns it, to be mailed. */
  make(tx: Transaction, purpose: CodePurpose, sub: string): string;
  /** Uses the code up if it fits. A wrong try is counted, so the transaction has to be committed whatever the outcome. */
  use(tx: Transaction, purpose: CodePurpose, sub: string | undefined, code: string): "fits" | "wrong" | "none";
}

export function createCodes(clock: Clock, secret: string, digits: () => string, expiry: Expiry): Codes {
  const hashOf = (purpose: CodePurpose, sub: string, code: string): string => keyedHash(secret, "code", purpose, sub, code);
  return {
    make(tx, purpose, sub) {
      const code = digits();
      const key = keys.code(purpose, sub);
      const expiresMs = clock.nowMs() + codeLifeMs;
      tx.put(key, { hash: hashOf(purpose, sub, code), triesLeft: maxCodeTries, expiresMs } satisfies Code);
      expiry.set(tx, key, expiresMs);
      return code;
    },
    use(tx, purpose, sub, code) {
      const key = keys.code(purpose, sub ?? "");
      const known = tx.get<Code>(key);
      if (sub === undefined || known === undefined || known.expiresMs <= clock.nowMs()) return "none";
      if (sameText(known.hash, hashOf(purpose, sub, code))) {
        tx.delete(key);
        return "fits";
      }
      if (known.triesLeft <= 1) tx.delete(key);
      else tx.put(key, { ...known, triesLeft: known.triesLeft - 1 } satisfies Code);
      return "wrong";
    },
  };
}

/** The error for a code that was not taken. */
export function codeRefused(outcome: "wrong" | "none"): IdentityError {
  return outcome === "wrong"
    ? new IdentityError("CodeMismatchException", "Invalid verification code provided, please try again.")
    : new IdentityError("ExpiredCodeException", "Invalid code provided, please request a code again.");
}
