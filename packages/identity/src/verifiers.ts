/**
 * SRP verifiers beside the argon2id hashes.
 *
 * V1. A verifier is made with Cognito's SHA-256, as its clients require: guesses can be tried against one quickly. So none lies in the store:
 *     the store has it sealed, and the key is beside the store, in the file of the signing keys. Who gets both has to guess at SHA-256's pace.
 * V2. It is sealed to its user and to the argon2id hash it was made with: where one of them changes alone, there is no verifier.
 * V3. Accounts of earlier releases, and all of a pool whose key file was made anew, get one when they next sign in by password. Until then they are
 *     answered with a salt made up for them, as are names without an account; each name always with the same.
 */
import type { Ids } from "@serverlesspresso/ports";
import { normalisePassword } from "./passwords.ts";
import type { SrpVerifier, User } from "./records.ts";
import { createSeal } from "./sealed.ts";
import { keyedHash } from "./secrets.ts";
import { srpPoolName, verifierOf } from "./srp.ts";

/** What a challenge is made from. */
export interface Challenged {
  readonly userId: string;
  readonly salt: bigint;
  readonly verifier: bigint;
  /** Whether a right answer is possible. */
  readonly isReal: boolean;
}

/** The SRP verifiers of passwords (V1 and on). */
export interface Verifiers {
  /** Of a password that was just hashed for this user. */
  make(sub: string, passwordHash: string, password: string): Promise<SrpVerifier>;
  has(user: User): boolean;
  /** Returns the verifier of a user; a made-up one for a name without an account (V3). */
  find(username: string, user: User | undefined): Challenged;
}

const saltBits = 128;

/** The verifiers of a pool whose secret is `secret`. */
export async function createVerifiers(poolId: string, secret: string, ids: Ids): Promise<Verifiers> {
  const poolName = srpPoolName(poolId);
  const seal = createSeal(secret, "srp verifiers", ids);
  const decoy = await verifierOf({ poolName, userId: "nobody" }, 1n, keyedHash(secret, "srp decoy"));
  const numberOf = (base64url: string): bigint => BigInt(`0x${Buffer.from(base64url, "base64url").toString("hex")}`);
  const aboutOf = (sub: string, passwordHash: string | undefined, salt: string): string => [sub, passwordHash, salt].join("\u0000");

  function open({ sub, passwordHash, srp }: User): { salt: bigint; verifier: bigint } | undefined {
    if (srp === undefined) return undefined;
    const verifier = seal.open(Buffer.from(srp.sealed, "base64url"), aboutOf(sub, passwordHash, srp.salt));
    return verifier === undefined ? undefined : { salt: BigInt(`0x${srp.salt}`), verifier: BigInt(`0x${verifier}`) };
  }

  return {
    async make(sub, passwordHash, password) {
      const salt = numberOf(ids.secret(saltBits));
      const verifier = await verifierOf({ poolName, userId: sub }, salt, normalisePassword(password));
      const text = salt.toString(16);
      const sealed = seal.close(verifier.toString(16), aboutOf(sub, passwordHash, text));
      return { salt: text, sealed: sealed.toString("base64url") };
    },
    has: (user) => open(user) !== undefined,
    find(username, user) {
      const known = user && open(user);
      const name = username.trim().normalize("NFC").toLowerCase();
      const userId = user?.sub ?? inventedSub(name, keyedHash(secret, "srp user", name));
      const salt = numberOf(keyedHash(secret, "srp salt", userId)) >> BigInt(256 - saltBits);
      return { salt, verifier: decoy, ...known, userId, isReal: known !== undefined };
    },
  };
}

/** A name that is a `sub` is its own; any other has one that it always had. */
function inventedSub(name: string, hash: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)) return name;
  const hex = Buffer.from(hash, "base64url").toString("hex");
  const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) % 4];
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}
