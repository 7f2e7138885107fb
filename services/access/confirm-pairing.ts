import { type ConfirmedPairing, PairingPath } from "@serverlesspresso/contract/api";
import type { Item } from "@serverlesspresso/ports";
import { z } from "zod";
import { caller, routeFunction } from "../edges/route-function.ts";
import type { Deps } from "../shared/deps.ts";
import { isLostRace } from "../shared/errors.ts";
import { countTry, giveBack, type Limit } from "../shared/limits.ts";
import { ProblemError } from "../shared/problem-error.ts";
import { pairingKey, readCode, userIdOf } from "./pairing.ts";
import { waitingPlace } from "./start-pairing.ts";

const triesOf = (operator: string): Limit => ({ kind: "pairing-tries", subject: operator, most: 20, windowMs: 900_000 });

const Confirmed = z.object({ deviceName: z.string(), secretHash: z.string(), placeEndMs: z.number() });

/** `POST /pairings/{code}`: lets the device in that shows the code (A2). */
export const confirmPairing = routeFunction({ pathParameters: PairingPath }, (deps) => async (call) => {
  const { sub } = caller(call);
  const tries = await countTry(deps, triesOf(sub));
  const code = readCode(call.path.code);
  const item = code === undefined ? undefined : await confirm(deps, code, sub);
  if (item === undefined) throw new ProblemError("unknown-code", "No device shows this code; codes live ten minutes.");
  const { deviceName, secretHash, placeEndMs } = Confirmed.parse(item);
  await giveBack(deps, ...tries, waitingPlace(placeEndMs));
  const body: ConfirmedPairing = { deviceName, userId: userIdOf(secretHash) };
  return { statusCode: 200, body };
});

/** Resolves with the item as it now is; undefined where no device shows the code, or another operator was faster. */
async function confirm({ tables, names, clock }: Deps, code: string, operator: string): Promise<Item | undefined> {
  const update = tables.updateItem({
    tableName: names.platformTable,
    key: pairingKey(code),
    updateExpression: "SET confirmedBy = :by",
    conditionExpression: "expiresMs > :now AND attribute_not_exists(confirmedBy)",
    values: { ":by": operator, ":now": clock.nowMs() },
  });
  return update.catch((error: unknown) => {
    if (!isLostRace(error)) throw error;
    return undefined;
  });
}
