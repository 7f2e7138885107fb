/**
 * Counters that hold off guessing and flooding. They lie in the store: a restart forgives nothing.
 *
 * L1. An attempt is counted before it is made, so that many at once cannot slip through together; a good one is given back. Passwords, whose check
 *     takes long, wait for one another (`tries.ts`).
 * L2. They end on the pool's clock, with which they are kept; a refusal names the wait in real seconds.
 */
import type { Clock } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { IdentityError } from "./errors.ts";
import type { Expiry } from "./expiry.ts";
import { keys } from "./keys.ts";
import type { Limit } from "./records.ts";
import { limitWindowMs } from "./settings.ts";

/** What is counted: by account, or by the address it comes from. */
export type LimitKind = "password" | "password-from" | "password-for" | "code-from" | "sign-up-from" | "mail" | "mail-from";

/** Attempts counted in windows of 15 minutes (L1, L2). */
export interface Limits {
  /** Counts one attempt. @throws {IdentityError} `TooManyRequestsException`, for mails `LimitExceededException`, where `most` in 15 minutes were made already */
  take(tx: Transaction, kind: LimitKind, subject: string, most: number): void;
  giveBack(tx: Transaction, kind: LimitKind, subject: string): void;
  clear(tx: Transaction, kind: LimitKind, subject: string): void;
}

/** Returns the limits. `clockRate` is the shop's pace: refusals name real seconds. */
export function createLimits(clock: Clock, clockRate: number, expiry: Expiry): Limits {
  return {
    take(tx, kind, subject, most) {
      const key = keys.limit(kind, subject);
      const nowMs = clock.nowMs();
      const known = tx.get<Limit>(key);
      const limit = known === undefined || known.expiresMs <= nowMs ? { count: 0, expiresMs: nowMs + limitWindowMs } : known;
      if (limit.count >= most) {
        const seconds = Math.ceil((limit.expiresMs - nowMs) / 1000 / clockRate);
        const code = kind.startsWith("mail") ? "LimitExceededException" : "TooManyRequestsException";
        throw new IdentityError(code, `Attempt limit exceeded, please try again in ${Math.ceil(seconds / 60)} min.`, {
          retryAfterSeconds: seconds,
        });
      }
      tx.put(key, { count: limit.count + 1, expiresMs: limit.expiresMs } satisfies Limit);
      if (limit.count === 0) expiry.set(tx, key, limit.expiresMs);
    },
    giveBack(tx, kind, subject) {
      const key = keys.limit(kind, subject);
      const limit = tx.get<Limit>(key);
      if (limit !== undefined && limit.count > 0) tx.put(key, { ...limit, count: limit.count - 1 } satisfies Limit);
    },
    clear: (tx, kind, subject) => tx.delete(keys.limit(kind, subject)),
  };
}
