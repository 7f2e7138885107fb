import { PairingBody, type StartedPairing } from "@serverlesspresso/contract/api";
import { routeFunction } from "../edges/route-function.ts";
import type { Deps } from "../shared/deps.ts";
import { isLostRace } from "../shared/errors.ts";
import { type Counted, countTry, giveBack, type Limit } from "../shared/limits.ts";
import { codeLifeMs, forgottenAt, hashOf, newCode, pairingKey } from "./pairing.ts";

const secretBits = 256;
const longestName = 40;
const startsOf = (address: string): Limit => ({ kind: "pairing-from", subject: address, most: 60, windowMs: 900_000 });
/**
 * A mistyped code meets hardly any other while few are shown at once: at most 400, of which 200 began at the end of one window and 200 with the
 * next, beside 31 ** 6 codes.
 */
const waiting: Limit = { kind: "pairing", subject: "waiting", most: 200, windowMs: codeLifeMs, isShared: true };

/** `POST /pairings`: gives a device a code to show, and the secret that it polls with. */
export const startPairing = routeFunction({ body: PairingBody }, (deps) => async ({ body, address }) => {
  const counted = await countTry(deps, startsOf(address), waiting);
  try {
    const [, place] = counted;
    return { statusCode: 201, body: await putPairing(deps, nameOf(body.deviceName), place?.endMs ?? 0) };
  } catch (error) {
    await giveBack(deps, ...counted);
    throw error;
  }
});

/** The place of a device that waits no longer: it began before `endMs`. */
export function waitingPlace(endMs: number): Counted {
  return { kind: waiting.kind, subject: waiting.subject, endMs };
}

/** Letters and digits are what the user pool keeps of a name in any case. */
function nameOf(given: string): string {
  const name = [...given].slice(0, longestName).join("");
  return /[\p{L}\p{N}]/u.test(name) ? name : "Device";
}

/** Puts a code that no device shows now. */
async function putPairing(deps: Deps, deviceName: string, placeEndMs: number): Promise<StartedPairing> {
  const { tables, names, clock, ids } = deps;
  const nowMs = clock.nowMs();
  const expiresMs = nowMs + codeLifeMs;
  const code = newCode(ids);
  const deviceSecret = `${code}-${ids.secret(secretBits)}`;
  try {
    await tables.putItem({
      tableName: names.platformTable,
      item: {
        ...pairingKey(code),
        deviceName,
        secretHash: hashOf(deviceSecret),
        expiresMs,
        expiresAt: forgottenAt(expiresMs),
        placeEndMs,
      },
      // An item past its end may lie there for a while.
      conditionExpression: "attribute_not_exists(PK) OR expiresMs <= :now",
      values: { ":now": nowMs },
    });
    return { code, deviceSecret, expiresMs };
  } catch (error) {
    if (!isLostRace(error)) throw error;
    return putPairing(deps, deviceName, placeEndMs);
  }
}
