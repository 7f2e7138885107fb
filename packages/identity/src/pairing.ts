/**
 * Pairing a display or tablet: it shows a short code, an operator confirms the code, and the device gets tokens of its own.
 *
 * P1. The code alone gives nothing: tokens go to who holds the device's secret of 256 bits, which never leaves it.
 * P2. A code lives ten minutes and is confirmed once, by a present operator; guessing codes is limited.
 * P3. After the first delivery the secret is good for one minute more, for an answer that was lost.
 */
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { type AuthenticationResult, signIn } from "./authentication.ts";
import { neutraliseName } from "./display-name.ts";
import type { PoolEngine } from "./engine.ts";
import { IdentityError } from "./errors.ts";
import type { Expiry } from "./expiry.ts";
import { groupsOf, operatorGroup, staffGroup } from "./groups.ts";
import { keys } from "./keys.ts";
import { kinds } from "./record-kinds.ts";
import type { Pairing } from "./records.ts";
import { randomText, sha256 } from "./secrets.ts";
import { codeLifeMs, minuteMs } from "./settings.ts";
import { readUser } from "./stored-user.ts";

/** What a device asks for, shows, and polls with. */
export interface StartedPairing {
  /** Six characters to be typed or read aloud. */
  readonly code: string;
  readonly deviceSecret: string;
  readonly expiresMs: number;
}

/** Signs in screens without a keyboard: the device shows a code, an admin confirms it (P1 to P3). */
export interface PairingDesk {
  start(request: { readonly deviceName: string; readonly sourceAddress?: string }): Promise<StartedPairing>;
  /** Signs the device in, into group `admin` alone, also when an operator confirms it. @throws {IdentityError} `NotAuthorizedException`, `CodeMismatchException`, `TooManyRequestsException` */
  confirm(code: string, bySub: string): Promise<{ readonly deviceName: string; readonly userId: string }>;
  /** The device's tokens once confirmed; undefined until then. @throws {IdentityError} `ExpiredCodeException` */
  poll(deviceSecret: string): Promise<AuthenticationResult | undefined>;
}

const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const codeLength = 6;
const maxWaiting = 200;
const triesPerOperator = 20;
const pairingsPerAddress = 60;
const deliveryGraceMs = minuteMs;

/** Returns the desk of a pool. A pairing lives for ten minutes. */
export function createPairingDesk(engine: PoolEngine, expiry: Expiry): PairingDesk {
  const { store, clock, ids, users, limits } = engine;

  const alive = (view: ReadView, key: string): Pairing | undefined => {
    const pairing = view.get<Pairing>(key);
    return pairing !== undefined && pairing.expiresMs > clock.nowMs() ? pairing : undefined;
  };

  function freeCode(tx: Transaction): string {
    for (;;) {
      const code = randomText(ids, alphabet, codeLength);
      if (tx.get(keys.pairingCode(code)) === undefined) return code;
    }
  }

  return {
    async start({ deviceName, sourceAddress = "" }) {
      const name = neutraliseName(deviceName) || "Device";
      const deviceSecret = ids.secret(256);
      return store.transact((tx) => {
        limits.take(tx, "pairing-from", sourceAddress, pairingsPerAddress);
        if (tx.scan(kinds.pairings.range("code"), { limit: maxWaiting }).length >= maxWaiting) {
          throw new IdentityError("TooManyRequestsException", "Too many devices wait to be paired; try again later.", {
            retryAfterSeconds: 60,
          });
        }
        const code = freeCode(tx);
        const expiresMs = clock.nowMs() + codeLifeMs;
        const key = keys.pairing(sha256(deviceSecret));
        tx.put(key, { deviceName: name, code, expiresMs } satisfies Pairing);
        tx.put(keys.pairingCode(code), key);
        expiry.set(tx, key, expiresMs);
        return { code, deviceSecret, expiresMs };
      });
    },
    async confirm(text, bySub) {
      const code = text.toUpperCase().replace(/[^0-9A-Z]/g, "");
      const confirmed = await store.transact((tx) => {
        const by = readUser(tx, bySub);
        if (by === undefined || !by.enabled || !groupsOf(by).includes(operatorGroup)) {
          throw new IdentityError("NotAuthorizedException", "Only an operator can pair a device.");
        }
        limits.take(tx, "pairing", bySub, triesPerOperator);
        const key = tx.get<string>(keys.pairingCode(code));
        const pairing = key === undefined ? undefined : alive(tx, key);
        if (key === undefined || pairing === undefined) return undefined;
        limits.giveBack(tx, "pairing", bySub);
        const device = users.create(tx, { kind: "device", name: pairing.deviceName, groups: [staffGroup] });
        tx.put(key, { ...pairing, sub: device.sub } satisfies Pairing);
        tx.delete(keys.pairingCode(code));
        return { deviceName: pairing.deviceName, userId: device.sub };
      });
      if (confirmed === undefined) throw new IdentityError("CodeMismatchException", "No device shows this code; codes live ten minutes.");
      return confirmed;
    },
    async poll(deviceSecret) {
      const key = keys.pairing(sha256(deviceSecret));
      const pairing = alive(store, key);
      if (pairing === undefined) throw gone();
      if (pairing.sub === undefined) return undefined;
      return signIn(engine, (tx) => {
        const current = alive(tx, key);
        const device = current?.sub === undefined ? undefined : readUser(tx, current.sub);
        if (current === undefined || device === undefined || !device.enabled) throw gone();
        if (!current.delivered) {
          const expiresMs = clock.nowMs() + deliveryGraceMs;
          tx.put(key, { ...current, delivered: true, expiresMs } satisfies Pairing);
          expiry.set(tx, key, expiresMs);
        }
        return device;
      });
    },
  };
}

function gone(): IdentityError {
  return new IdentityError("ExpiredCodeException", "The code has expired; show a new one.");
}
