/**
 * Sessions: one for each sign-in, carried on by refresh tokens.
 *
 * S1. Every use of a refresh token makes the next one; the store keeps SHA-256 of the newest two alone.
 * S2. The one before the newest is taken for 60 s more and answers with the same newest one, so a lost answer or two tabs end no session.
 *     From the device that used it first it is accepted until the newest is used: that device has not got the answer yet,
 *     however long its network is gone, and a guest has no other way back to the order.
 * S3. Any other token of the session was copied: it ends the session for all its holders. A token that the pool never issued ends nothing.
 * S4. A session ends 30 days after its sign-in, however often it was refreshed.
 */
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { IdentityError } from "./errors.ts";
import type { Expiry } from "./expiry.ts";
import { keys } from "./keys.ts";
import { kinds } from "./record-kinds.ts";
import type { Session } from "./records.ts";
import type { Requester } from "./requester.ts";
import { keyedHash, sameText, sha256 } from "./secrets.ts";
import { refreshGraceMs, refreshTokenLifeMs } from "./settings.ts";

/** A session after its start or refresh, with the token that carries it on. */
export interface StartedSession {
  readonly id: string;
  readonly sub: string;
  readonly startedMs: number;
  readonly refreshToken: string;
}

/** The sessions of a pool (S1 to S4). */
export interface Sessions {
  start(tx: Transaction, sub: string): StartedSession;
  /** The next token; undefined where a copied token has just ended the session (S3), which has to be committed. @throws {IdentityError} */
  refresh(tx: Transaction, refreshToken: string, requester: Pick<Requester, "device">): StartedSession | undefined;
  /** Ends the session a refresh token belongs to. @throws {IdentityError} if the pool did not issue it */
  revoke(tx: Transaction, refreshToken: string): void;
  /** Ends all sessions of a user, but the one to be kept. */
  endAll(tx: Transaction, sub: string, keptId?: string): void;
}

/** S4. */
export function endOf({ startedMs }: Session): number {
  return startedMs + refreshTokenLifeMs;
}

/** Returns the sessions. `secret` keys the tags of refresh tokens. */
export function createSessions(clock: Clock, ids: Ids, secret: string, expiry: Expiry): Sessions {
  const tagOf = (sub: string, id: string, part: string): string => keyedHash(secret, "refresh-tag", sub, id, part).slice(0, 22);
  const write = (sub: string, id: string, part: string): string => [sub, id, part, tagOf(sub, id, part)].join(".");

  /** The next secret follows from the last, so that a repeated use can be answered alike without keeping it (S2). */
  const follow = (sub: string, id: string, part: string): string => keyedHash(secret, "refresh-next", sub, id, part);

  function read(token: string): { sub: string; id: string; part: string } {
    const [sub, id, part, tag, ...rest] = token.split(".");
    if (sub && id && part && tag && rest.length === 0 && sameText(tag, tagOf(sub, id, part))) return { sub, id, part };
    throw new IdentityError("NotAuthorizedException", "Invalid Refresh Token");
  }

  return {
    start(tx, sub) {
      const [id, part, nowMs] = [ids.uuid(), ids.secret(256), clock.nowMs()];
      const session: Session = { hash: sha256(part), startedMs: nowMs };
      tx.put(keys.session(sub, id), session);
      expiry.set(tx, keys.session(sub, id), endOf(session));
      return { id, sub, startedMs: nowMs, refreshToken: write(sub, id, part) };
    },
    refresh(tx, token, { device }) {
      const { sub, id, part } = read(token);
      const session = tx.get<Session>(keys.session(sub, id));
      const nowMs = clock.nowMs();
      if (session === undefined) throw new IdentityError("NotAuthorizedException", "Refresh Token has been revoked");
      if (endOf(session) <= nowMs) throw new IdentityError("NotAuthorizedException", "Refresh Token has expired");
      const hash = sha256(part);
      const next = follow(sub, id, part);
      const answer = { id, sub, startedMs: session.startedMs, refreshToken: write(sub, id, next) };
      const isRepeat =
        nowMs - (session.rotatedMs ?? session.startedMs) <= refreshGraceMs || (device !== undefined && device === session.rotatedBy);
      if (isRepeat && session.previousHash !== undefined && sameText(hash, session.previousHash)) return answer;
      if (!sameText(hash, session.hash)) {
        tx.delete(keys.session(sub, id));
        return undefined;
      }
      const rotated: Session = { hash: sha256(next), previousHash: hash, rotatedMs: nowMs, startedMs: session.startedMs };
      tx.put(keys.session(sub, id), device === undefined ? rotated : { ...rotated, rotatedBy: device });
      return answer;
    },
    revoke(tx, token) {
      const { sub, id } = read(token);
      tx.delete(keys.session(sub, id));
    },
    endAll(tx, sub, keptId) {
      const kept = keptId === undefined ? undefined : keys.session(sub, keptId);
      for (const [key] of tx.scan(kinds.sessions.range(sub))) if (key !== kept) tx.delete(key);
    },
  };
}
