/**
 * Sign-in by SRP: `USER_SRP_AUTH`, answered by the challenge `PASSWORD_VERIFIER`. The password never crosses the link.
 *
 * SS1. The server keeps nothing of a challenge: all it has to know comes back sealed in the `SECRET_BLOCK`. Strangers' challenges write nothing.
 * SS2. A challenge is good for three minutes and one answer, which counts as a try of the password does, under the same limits.
 * SS3. A name without an account is challenged as one with an account, with the same work, and no answer to it is right.
 * SS4. `TIMESTAMP` has to have Cognito's form; what it says decides nothing, as devices' clocks are wrong: SS2 keeps an answer fresh.
 */
import { timingSafeEqual } from "node:crypto";
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import type { Proof } from "./authentication.ts";
import type { PoolEngine } from "./engine.ts";
import { IdentityError, incorrectSignIn, invalid } from "./errors.ts";
import { keys } from "./keys.ts";
import { parse, Username } from "./request.ts";
import { challengeLifeMs } from "./settings.ts";
import { claimOf, publicValueOf, scramblerOf, sessionKeyOf, srpPoolName } from "./srp.ts";
import { prime } from "./srp-group.ts";

const hexDigits = prime.toString(16).length + 2;
const Hex = z.string().regex(new RegExp(`^[0-9a-fA-F]{1,${hexDigits}}$`));
const Parameters = z.object({ USERNAME: Username, SRP_A: Hex });
const timestamp = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2} \d{2}:\d{2}:\d{2} UTC \d{4}$/;

/** What a client answers a `PASSWORD_VERIFIER` with. */
export const PasswordClaim = z.object({
  USERNAME: Username,
  PASSWORD_CLAIM_SIGNATURE: z.base64().max(64),
  PASSWORD_CLAIM_SECRET_BLOCK: z.base64().max(4096),
  TIMESTAMP: z.string().regex(timestamp, "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english"),
});

/** What a secret block holds (SS1). */
const Block = z.object({
  id: z.string(),
  username: z.string(),
  userId: z.string(),
  untilMs: z.number(),
  A: Hex,
  b: Hex,
  u: Hex,
});

const numberOf = (hex: string): bigint => BigInt(`0x${hex}`);

/** The challenge for a name. Rejects with {IdentityError} `InvalidParameterException`. */
export async function challengeBySrp(engine: PoolEngine, parameters: unknown): Promise<JsonObject> {
  const { store, clock, ids, users, verifiers, pool, challengeSeal } = engine;
  const { USERNAME: username, SRP_A } = parse(Parameters, parameters);
  const A = numberOf(SRP_A);
  if (A % prime === 0n) throw invalid("SRP_A must not be a multiple of N");
  const { userId, salt, verifier } = verifiers.find(username, users.find(store, username));
  const secret = Buffer.from(ids.secret(256), "base64url").toString("hex");
  const B = await publicValueOf(verifier, numberOf(secret));
  const content: z.output<typeof Block> = {
    id: ids.uuid(),
    username,
    userId,
    untilMs: clock.nowMs() + challengeLifeMs,
    A: SRP_A,
    b: secret,
    u: scramblerOf(A, B).toString(16),
  };
  return {
    ChallengeName: "PASSWORD_VERIFIER",
    ChallengeParameters: {
      SALT: salt.toString(16),
      SECRET_BLOCK: challengeSeal.close(JSON.stringify(content), "").toString("base64"),
      SRP_B: B.toString(16),
      USERNAME: userId,
      USER_ID_FOR_SRP: userId,
      ...(pool.hasAllVerifiers ? {} : { PASSWORD_NEEDED_ONCE: "true" }),
    },
  };
}

/** Returns who answers a challenge, and what the answer proves. @throws {IdentityError} `NotAuthorizedException` if the challenge is not the pool's or too old */
export function readSrpClaim(
  engine: PoolEngine,
  { USERNAME, PASSWORD_CLAIM_SIGNATURE, PASSWORD_CLAIM_SECRET_BLOCK, TIMESTAMP }: z.output<typeof PasswordClaim>,
): { readonly username: string; readonly proof: Proof } {
  const { clock, verifiers, pool, expiry, challengeSeal } = engine;
  const secretBlock = Buffer.from(PASSWORD_CLAIM_SECRET_BLOCK, "base64");
  const content = challengeSeal.open(secretBlock, "");
  if (content === undefined) throw incorrectSignIn();
  const { id, username, userId, untilMs, A, b, u } = Block.parse(JSON.parse(content));
  if (USERNAME !== userId && USERNAME !== username) throw incorrectSignIn();
  if (untilMs <= clock.nowMs()) throw new IdentityError("NotAuthorizedException", "Invalid session for the user.");
  const key = keys.exchange(id);
  const proof: Proof = {
    use(tx) {
      if (tx.get(key) !== undefined) return false;
      tx.put(key, { expiresMs: untilMs });
      expiry.set(tx, key, untilMs);
      return true;
    },
    async fits(user) {
      const { verifier, isReal } = verifiers.find(username, user);
      const sessionKey = await sessionKeyOf({ A: numberOf(A), b: numberOf(b), u: numberOf(u), verifier });
      const expected = claimOf(sessionKey, { poolName: srpPoolName(pool.poolId), userId }, secretBlock, TIMESTAMP);
      const given = Buffer.from(PASSWORD_CLAIM_SIGNATURE, "base64");
      return given.length === expected.length && timingSafeEqual(given, expected) && isReal && user?.sub === userId;
    },
  };
  return { username, proof };
}
