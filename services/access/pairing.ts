/**
 * Pairing a display or tablet: it shows a short code, an operator confirms the code, and the device gets tokens of its own.
 *
 * A1. The code alone gives nothing: tokens go to who holds the device's secret of 256 bits, of which only a hash is kept.
 * A2. A code lives ten minutes and is confirmed once, by an operator, who gets the same answer again; wrong codes of one operator are counted and limited.
 * A3. After the first delivery the secret is good for one minute more, for an answer that was lost.
 * A4. A device's user is made at its first delivery, under an id that follows from its secret: a repeat finds it, and makes no second one.
 * A5. One call at a time delivers: Cognito's sign-in sets a password that another's would replace. Who polls meanwhile waits on.
 * A6. A device that is let in has a minute at least to fetch its tokens, also at its code's end.
 */
import { createHash } from "node:crypto";
import type { Ids, Item } from "@serverlesspresso/ports";
import { z } from "zod";
import type { Deps } from "../shared/deps.ts";
import { isSameText } from "../shared/same-text.ts";

/** How long a code lives. */
export const codeLifeMs = 600_000;
/** How long its secret is good after the first delivery, and at least after the confirmation. */
export const graceMs = 60_000;

/** A device that asks to be let in. */
export interface Pairing {
  readonly code: string;
  readonly deviceName: string;
  readonly secretHash: string;
  readonly isConfirmed: boolean;
  readonly isDelivered: boolean;
}

/** Returns the second from which the table may forget a pairing that ends at `expiresMs`: a delivery at its end adds its minute. */
export const forgottenAt = (expiresMs: number): number => Math.ceil((expiresMs + graceMs) / 1000);

/** The item's key in the platform's table. */
export const pairingKey = (code: string): Item => ({ PK: `pairing#${code}` });

/** Without letters and digits that look alike. */
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const codeLength = 6;
const codePattern = /^[2-9A-HJKMNP-Z]{6}$/;

/** Returns a code to be typed or read aloud. Of 64 random bits, each is as likely as another. */
export function newCode(ids: Pick<Ids, "secret">): string {
  const base = BigInt(alphabet.length);
  let rest = Buffer.from(ids.secret(64), "base64url").readBigUInt64BE();
  return Array.from({ length: codeLength }, () => {
    const letter = alphabet[Number(rest % base)];
    rest /= base;
    return letter;
  }).join("");
}

/** Returns the code that was typed; undefined for what no device shows. */
export function readCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, "");
  return codePattern.test(code) ? code : undefined;
}

/** The hash of a secret, as it is kept. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Returns the id of a device's user (A4): a UUID of version 8, as for ids that follow from something. */
export function userIdOf(secretHash: string): string {
  const part = (from: number, to: number): string => secretHash.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-8${part(12, 15)}-8${part(15, 18)}-${part(18, 30)}`;
}

const Stored = z.object({
  deviceName: z.string(),
  secretHash: z.string(),
  expiresMs: z.number(),
  confirmedBy: z.string().optional(),
  delivered: z.boolean().default(false),
});

/** Resolves with the pairing of who holds this secret (A1); undefined for an unknown secret, and once the pairing has ended. */
export async function findPairing({ tables, names, clock }: Deps, secret: string): Promise<Pairing | undefined> {
  const code = readCode(secret.slice(0, codeLength));
  if (code === undefined) return undefined;
  const item = await tables.getItem({ tableName: names.platformTable, key: pairingKey(code) });
  if (item === undefined) return undefined;
  const { deviceName, secretHash, expiresMs, confirmedBy, delivered } = Stored.parse(item);
  if (!isSameText(hashOf(secret), secretHash) || expiresMs <= clock.nowMs()) return undefined;
  return { code, deviceName, secretHash, isConfirmed: confirmedBy !== undefined, isDelivered: delivered };
}
