import type { Tokens } from "@serverlesspresso/ports";
import { routeFunction } from "../edges/route-function.ts";
import type { Deps } from "../shared/deps.ts";
import { isNamed, unlessLostRace } from "../shared/errors.ts";
import { ProblemError } from "../shared/problem-error.ts";
import { findPairing, graceMs, type Pairing, pairingKey, userIdOf } from "./pairing.ts";
import { refuseRush } from "./rush.ts";

/** As long as the function may take: a call that was cut off lets the next in when it would have been ended itself. */
const deliveryMs = 10_000;

/** `GET /pairings/current`: the device's tokens once its code is confirmed. The device's secret stands where others have an access token. */
export const pollPairing = routeFunction({}, (deps) => async ({ bearer }) => {
  if (bearer === undefined) throw new ProblemError("not-signed-in", "The device's secret is missing.");
  const pairing = await findPairing(deps, bearer);
  if (pairing === undefined) throw gone();
  const endMs = pairing.isConfirmed ? await beginDelivery(deps, pairing) : undefined;
  if (endMs === undefined) return { statusCode: 202, body: { status: "waiting" } };
  const body = await signIn(deps, pairing).catch(async (error: unknown) => {
    await giveUpDelivery(deps, pairing, endMs);
    throw error;
  });
  await endDelivery(deps, pairing);
  return { statusCode: 200, body };
});

/** A4. An operator may have removed or disabled the device since. */
async function signIn({ identities }: Deps, { secretHash, deviceName, isDelivered }: Pairing): Promise<Tokens> {
  const device = { id: userIdOf(secretHash), kind: "device", name: deviceName, groups: ["admin"], isRepeat: isDelivered } as const;
  try {
    return await identities.signInWithoutPassword(device);
  } catch (error) {
    if (isNamed(error, "UserNotFoundException") || isNamed(error, "NotAuthorizedException")) throw gone();
    throw refuseRush(error);
  }
}

/** A5. Resolves with the end of this call's time to deliver; undefined where another delivers. */
async function beginDelivery({ tables, names, clock }: Deps, { code, secretHash }: Pairing): Promise<number | undefined> {
  const nowMs = clock.nowMs();
  const endMs = nowMs + deliveryMs;
  const update = tables.updateItem({
    tableName: names.platformTable,
    key: pairingKey(code),
    updateExpression: "SET deliveryEndMs = :end",
    conditionExpression: "secretHash = :hash AND (attribute_not_exists(deliveryEndMs) OR deliveryEndMs <= :now)",
    values: { ":end": endMs, ":hash": secretHash, ":now": nowMs },
  });
  return update.then(() => endMs, unlessLostRace);
}

/** Lets the next poll deliver at once, where no other has begun to. */
async function giveUpDelivery({ tables, names }: Deps, { code }: Pairing, endMs: number): Promise<void> {
  const update = tables.updateItem({
    tableName: names.platformTable,
    key: pairingKey(code),
    updateExpression: "REMOVE deliveryEndMs",
    conditionExpression: "deliveryEndMs = :end",
    values: { ":end": endMs },
  });
  await update.catch(unlessLostRace);
}

/** A3. A repeat adds nothing to the minute. */
async function endDelivery({ tables, names, clock }: Deps, { code, isDelivered }: Pairing): Promise<void> {
  const update = { tableName: names.platformTable, key: pairingKey(code) };
  await tables.updateItem(
    isDelivered
      ? { ...update, updateExpression: "REMOVE deliveryEndMs" }
      : {
          ...update,
          updateExpression: "SET delivered = :yes, expiresMs = :end REMOVE deliveryEndMs",
          values: { ":yes": true, ":end": clock.nowMs() + graceMs },
        },
  );
}

function gone(): ProblemError {
  return new ProblemError("code-expired", "The code has expired; show a new one.");
}
