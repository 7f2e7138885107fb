import { routeFunction } from "../edges/route-function.ts";
import type { Deps } from "../shared/deps.ts";
import { isLostRace } from "../shared/errors.ts";
import { readShop, type Shop } from "../shared/shop.ts";
import { shownCode, signInMs, subCodeSecretBits } from "./sub-code.ts";
import { codeOf, parseWindow, type StoredWindow, secretBits, type Window, windowAt, windowItem } from "./window.ts";

/** `GET /qr-code`: the current window, and its code of this moment. The first call makes the window; a call that loses that race reads the winner's. */
export const getCode = routeFunction({}, (deps) => async () => {
  const nowMs = deps.clock.nowMs();
  const shop = await readShop(deps.tables, deps.names.configTable, nowMs);
  const window = windowAt(nowMs, shop.barcodeMinutes);
  const stored = await followSwitch(deps, (await readWindow(deps, window.number)) ?? (await openWindow(deps, window, shop)), shop, nowMs);
  const { startMs, endMs, availableTokens } = stored;
  return { statusCode: 200, body: { ...shownCode(stored, nowMs), startMs, endMs, remaining: availableTokens } };
});

/** Resolves with the stored window; undefined until a first call for its code makes it. */
export async function readWindow({ tables, names }: Deps, number: string): Promise<StoredWindow | undefined> {
  const item = await tables.getItem({ tableName: names.validatorTable, key: { PK: number } });
  return item === undefined ? undefined : parseWindow(item);
}

async function openWindow({ tables, names, ids }: Deps, window: Window, shop: Shop): Promise<StoredWindow> {
  const tableName = names.validatorTable;
  const subCodeSecret = shop.subCode ? ids.secret(subCodeSecretBits) : undefined;
  const item = windowItem(window, codeOf(window, ids.secret(secretBits)), shop.drinksPerBarcode, subCodeSecret);
  try {
    await tables.putItem({ tableName, item, conditionExpression: "attribute_not_exists(PK)" });
    return parseWindow(item);
  } catch (error) {
    const winner = isLostRace(error) ? await tables.getItem({ tableName, key: { PK: window.number } }) : undefined;
    if (winner === undefined) throw error;
    return parseWindow(winner);
  }
}

/** S1, S4: a window that was opened before the switch was turned has it too. Of two that ask at once the first writes. */
async function followSwitch(deps: Deps, window: StoredWindow, { subCode }: Shop, nowMs: number): Promise<StoredWindow> {
  if ((window.subCodes !== undefined) === subCode) return window;
  const { tables, names, ids } = deps;
  const update = { tableName: names.validatorTable, key: { PK: window.number } };
  try {
    await tables.updateItem(
      subCode
        ? {
            ...update,
            updateExpression: "SET subCodeSecret = if_not_exists(subCodeSecret, :secret), plainUntilMs = :until REMOVE isPlain",
            conditionExpression: "attribute_exists(PK) AND (attribute_not_exists(subCodeSecret) OR attribute_exists(isPlain))",
            values: { ":secret": ids.secret(subCodeSecretBits), ":until": nowMs + signInMs },
          }
        : {
            ...update,
            updateExpression: "SET isPlain = :yes REMOVE plainUntilMs",
            conditionExpression: "attribute_exists(subCodeSecret)",
            values: { ":yes": true },
          },
    );
  } catch (error) {
    if (!isLostRace(error)) throw error;
  }
  return (await readWindow(deps, window.number)) ?? window;
}
