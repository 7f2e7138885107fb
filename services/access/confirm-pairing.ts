import { type ConfirmedPairing, PairingPath } from "@serverlesspresso/contract/api";
import { z } from "zod";
import { caller, routeFunction } from "../edges/route-function.ts";
import type { Deps } from "../shared/deps.ts";
import { unlessLostRace } from "../shared/errors.ts";
import { countTry, giveBack, type Limit } from "../shared/limits.ts";
import { ProblemError } from "../shared/problem-error.ts";
import { forgottenAt, graceMs, pairingKey, readCode, userIdOf } from "./pairing.ts";
import { waitingPlace } from "./start-pairing.ts";

const triesOf = (operator: string): Limit => ({ kind: "pairing-tries", subject: operator, most: 20, windowMs: 900_000 });

const Shown = z.object({
  deviceName: z.string(),
  secretHash: z.string(),
  placeEndMs: z.number(),
  expiresMs: z.number(),
  confirmedBy: z.string().optional(),
});
type Shown = z.infer<typeof Shown>;

/** `POST /pairings/{code}`: lets the device in that shows the code (A2). */
export const confirmPairing = routeFunction({ pathParameters: PairingPath }, (deps) => async (call) => {
  const { sub } = caller(call);
  const tries = await countTry(deps, triesOf(sub));
  const code = readCode(call.path.code);
  const confirmed = code === undefined ? undefined : await confirm(deps, code, sub);
  if (confirmed === undefined) throw new ProblemError("unknown-code", "No device shows this code; codes live ten minutes.");
  const { deviceName, secretHash, placeEndMs, confirmedBy } = confirmed;
  const isRepeat = confirmedBy !== undefined;
  await giveBack(deps, ...tries, ...(isRepeat ? [] : [waitingPlace(placeEndMs)]));
  const body: ConfirmedPairing = { deviceName, userId: userIdOf(secretHash) };
  return { statusCode: 200, body };
});

/** Resolves with the pairing as it was before; undefined where no device shows the code, or another operator was faster. */
async function confirm(deps: Deps, code: string, operator: string): Promise<Shown | undefined> {
  const item = await deps.tables.getItem({ tableName: deps.names.platformTable, key: pairingKey(code) });
  if (item === undefined) return undefined;
  const shown = Shown.parse(item);
  const { expiresMs, confirmedBy } = shown;
  if (expiresMs <= deps.clock.nowMs()) return undefined;
  if (confirmedBy !== undefined) return confirmedBy === operator ? shown : undefined;
  return (await letIn(deps, code, shown, operator)) ? shown : confirm(deps, code, operator);
}

/** A6. Resolves with whether the device is let in by this call. */
async function letIn({ tables, names, clock }: Deps, code: string, shown: Shown, operator: string): Promise<boolean> {
  const nowMs = clock.nowMs();
  const expiresMs = Math.max(shown.expiresMs, nowMs + graceMs);
  const update = tables.updateItem({
    tableName: names.platformTable,
    key: pairingKey(code),
    updateExpression: "SET confirmedBy = :by, expiresMs = :end, expiresAt = :gone",
    conditionExpression: "secretHash = :hash AND expiresMs > :now AND attribute_not_exists(confirmedBy)",
    values: { ":by": operator, ":end": expiresMs, ":gone": forgottenAt(expiresMs), ":hash": shown.secretHash, ":now": nowMs },
  });
  return (await update.catch(unlessLostRace)) !== undefined;
}
