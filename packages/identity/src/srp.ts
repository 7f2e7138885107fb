/**
 * SRP-6a as Cognito and its clients reckon it; the names are RFC 5054's. No clock, no randomness, no store.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5054
 * @see https://github.com/aws-amplify/amplify-js/tree/main/packages/amazon-cognito-identity-js (the hashes' exact bytes)
 */
import { createHmac, hash, hkdfSync } from "node:crypto";
import { bytesOf, generator, power, prime } from "./srp-group.ts";

const sha256 = (...parts: readonly Buffer[]): Buffer => hash("sha256", Buffer.concat(parts), "buffer");
const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString("hex")}`);
const multiplier = numberOf(sha256(bytesOf(prime), bytesOf(generator)));

/** Whose password it is. */
export interface SrpUser {
  /** See `srpPoolName`. */
  readonly poolName: string;
  /** Cognito's `USER_ID_FOR_SRP`. */
  readonly userId: string;
}

/** A pool's name in SRP: its id after the region's `_`. */
export function srpPoolName(poolId: string): string {
  return poolId.slice(poolId.indexOf("_") + 1);
}

/** What the server keeps of a password: v. */
export function verifierOf({ poolName, userId }: SrpUser, salt: bigint, password: string): Promise<bigint> {
  const identity = sha256(Buffer.from(`${poolName}${userId}:${password}`));
  return power(generator, numberOf(sha256(bytesOf(salt), identity)));
}

/** The server's public value: B. @param b the exchange's secret */
export async function publicValueOf(verifier: bigint, b: bigint): Promise<bigint> {
  return (multiplier * verifier + (await power(generator, b))) % prime;
}

/** u, of both public values. */
export function scramblerOf(A: bigint, B: bigint): bigint {
  return numberOf(sha256(bytesOf(A), bytesOf(B)));
}

/** The key both sides come to, 16 bytes, where the client knows the password. */
export async function sessionKeyOf({ A, b, u, verifier }: Exchange & { readonly verifier: bigint }): Promise<Buffer> {
  const S = await power(A * (await power(verifier, u)), b);
  return Buffer.from(hkdfSync("sha256", bytesOf(S), bytesOf(u), "Caldera Derived Key", 16));
}

/** What a server knows of an exchange between its challenge and the answer. */
export interface Exchange {
  readonly A: bigint;
  readonly b: bigint;
  readonly u: bigint;
}

/** What the client signs with the key: Cognito's `PASSWORD_CLAIM_SIGNATURE`, in bytes. */
export function claimOf(key: Buffer, { poolName, userId }: SrpUser, secretBlock: Buffer, timestamp: string): Buffer {
  return createHmac("sha256", key).update(`${poolName}${userId}`).update(secretBlock).update(timestamp).digest();
}
