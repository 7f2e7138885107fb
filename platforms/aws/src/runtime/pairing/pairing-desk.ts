/**
 * Pairing a display or tablet, as on the local platform: it shows a short code, an operator confirms the code, and the device gets
 * tokens of its own.
 *
 * P1. The code alone gives nothing: tokens go to who holds the device's secret of 256 bits, of which only a hash is kept.
 * P2. A code lives ten minutes and is confirmed once, by an operator; wrong codes of one operator are counted and limited.
 * P3. After the first delivery the secret is good for one minute more, for an answer that was lost.
 * P4. A device's user is made at its first delivery, under a name that follows from its secret: a repeat finds it.
 */

import { Refusal, tooManyRequests } from "@serverlesspresso/blueprint/edge/refusal.ts";
import type { Tokens } from "@serverlesspresso/contract/api";
import { neutraliseName } from "@serverlesspresso/identity/display-name";
import { randomText, sameText, sha256 } from "@serverlesspresso/identity/secrets";
import type { Clock, Ids, Item, Tables } from "@serverlesspresso/ports";
import type { UserPool } from "../adapters/user-pool.ts";

/** The ports of the pairing desk and the table that holds its items. */
export interface PairingDeskOptions {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tableName: string;
}
/** What a device asks for, shows, and polls with. */
export interface StartedPairing {
  /** Six characters to be typed or read aloud. */
  readonly code: string;
  readonly deviceSecret: string;
  readonly expiresMs: number;
}
/** Pairs devices: a device shows a code, and a member of staff confirms it. */
export interface PairingDesk {
  start(deviceName: string): Promise<StartedPairing>;
  /** Lets the device in, in group `admin` alone. @throws {Refusal} */
  confirm(code: string, bySub: string): Promise<{ readonly deviceName: string }>;
  /** The device's tokens once confirmed; undefined until then. @throws {Refusal} 410 */
  poll(deviceSecret: string, userPool: UserPool): Promise<Tokens | undefined>;
}

const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const codeLength = 6;
const codeLifeMs = 600_000;
const deliveryGraceMs = 60_000;
const wrongCodesMs = 900_000;
const mostWrongCodes = 20;

const pairingKey = (code: string): Item => ({ PK: `pairing#${code}` });

/** Returns the pairing desk over its table. */
export function createPairingDesk({ tables, clock, ids, tableName }: PairingDeskOptions): PairingDesk {
  /** Puts a code that no device shows now. Items past their end may still lie there for a while. */
  async function put(deviceName: string, deviceSecret: string, code: string): Promise<StartedPairing> {
    const expiresMs = clock.nowMs() + codeLifeMs;
    const secret = `${code}-${deviceSecret}`;
    try {
      await tables.putItem({
        tableName,
        item: { ...pairingKey(code), deviceName, secretHash: sha256(secret), expiresMs, expiresAt: Math.ceil(expiresMs / 1000) },
        conditionExpression: "attribute_not_exists(PK) OR expiresMs < :now",
        values: { ":now": clock.nowMs() },
      });
      return { code, deviceSecret: secret, expiresMs };
    } catch (error) {
      if (!isUnmet(error)) throw error;
      return put(deviceName, deviceSecret, newCode());
    }
  }

  const newCode = (): string => randomText(ids, alphabet, codeLength);
  const guesses = (sub: string): Item => ({ PK: `pairing-guesses#${sub}#${Math.floor(clock.nowMs() / wrongCodesMs)}` });

  /** P2. */
  async function refuseGuessing(sub: string): Promise<void> {
    const item = await tables.getItem({ tableName, key: guesses(sub) });
    if (Number(item?.guesses ?? 0) < mostWrongCodes) return;
    throw tooManyRequests(Math.ceil((wrongCodesMs - (clock.nowMs() % wrongCodesMs)) / 1000));
  }

  async function countGuess(sub: string): Promise<void> {
    const expiresAt = Math.ceil((clock.nowMs() + wrongCodesMs) / 1000);
    const values = { ":one": 1, ":at": expiresAt };
    await tables.updateItem({ tableName, key: guesses(sub), updateExpression: "SET expiresAt = :at ADD guesses :one", values });
  }

  async function markDelivered(code: string): Promise<void> {
    const expiresMs = clock.nowMs() + deliveryGraceMs;
    const update = { tableName, key: pairingKey(code), updateExpression: "SET delivered = :yes, expiresMs = :end" };
    await tables
      .updateItem({ ...update, conditionExpression: "attribute_not_exists(delivered)", values: { ":yes": true, ":end": expiresMs } })
      .catch((error: unknown) => {
        if (!isUnmet(error)) throw error;
      });
  }

  return {
    start: (deviceName) => put(neutraliseName(deviceName) || "Device", ids.secret(256), newCode()),
    async confirm(text, bySub) {
      const code = text.toUpperCase().replace(/[^0-9A-Z]/g, "");
      await refuseGuessing(bySub);
      try {
        const { deviceName } = await tables.updateItem({
          tableName,
          key: pairingKey(code),
          updateExpression: "SET confirmedBy = :by",
          conditionExpression: "expiresMs > :now AND attribute_not_exists(confirmedBy)",
          values: { ":by": bySub, ":now": clock.nowMs() },
        });
        return { deviceName: String(deviceName) };
      } catch (error) {
        if (!isUnmet(error)) throw error;
        await countGuess(bySub);
        throw new Refusal("unknown-code", "No device shows this code; codes live ten minutes.");
      }
    },
    async poll(deviceSecret, userPool) {
      const code = deviceSecret.slice(0, codeLength);
      const item = await tables.getItem({ tableName, key: pairingKey(code) });
      const isTheirs = item !== undefined && sameText(String(item.secretHash), sha256(deviceSecret));
      if (!isTheirs || Number(item.expiresMs) <= clock.nowMs()) {
        throw new Refusal("code-expired", "The code has expired; show a new one.");
      }
      if (item.confirmedBy === undefined) return undefined;
      const id = Buffer.from(String(item.secretHash), "base64url").toString("hex").slice(0, 32);
      const tokens = await userPool.signInWithoutPassword({ id, kind: "device", name: String(item.deviceName), groups: ["admin"] });
      if (item.delivered !== true) await markDelivered(code);
      return tokens;
    },
  };
}

function isUnmet(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}
