import type { Deps } from "../shared/deps.ts";
import { isLostRace } from "../shared/errors.ts";
import { route } from "../shared/route.ts";
import { readShop } from "../shared/shop.ts";
import { codeOf, parseWindow, type StoredWindow, secretBits, type Window, windowAt, windowItem } from "./window.ts";

/** `GET /qr-code`: the current window. Whoever asks first makes its code; whoever loses that race reads the winner's. */
export function getCode(deps: Deps) {
  return route(async () => {
    const nowMs = deps.clock.nowMs();
    const shop = await readShop(deps.tables, deps.names.configTable, nowMs);
    const window = windowAt(nowMs, shop.barcodeMinutes);
    const stored = (await readWindow(deps, window.number)) ?? (await openWindow(deps, window, shop.drinksPerBarcode));
    const { code, startMs, endMs, availableTokens } = stored;
    return { statusCode: 200, body: { code, startMs, endMs, remaining: availableTokens } };
  });
}

/** A window that somebody has asked for. */
export async function readWindow({ tables, names }: Deps, number: string): Promise<StoredWindow | undefined> {
  const item = await tables.getItem({ tableName: names.validatorTable, key: { PK: number } });
  return item === undefined ? undefined : parseWindow(item);
}

async function openWindow({ tables, names, ids }: Deps, window: Window, drinks: number): Promise<StoredWindow> {
  const tableName = names.validatorTable;
  const item = windowItem(window, codeOf(window, ids.secret(secretBits)), drinks);
  try {
    await tables.putItem({ tableName, item, conditionExpression: "attribute_not_exists(PK)" });
    return parseWindow(item);
  } catch (error) {
    const winner = isLostRace(error) ? await tables.getItem({ tableName, key: { PK: window.number } }) : undefined;
    if (winner === undefined) throw error;
    return parseWindow(winner);
  }
}
