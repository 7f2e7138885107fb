/**
 * Shop state, limits and menu.
 *
 * C1. Each change is one write; every write answers the configuration as it then is.
 * C2. Opening or closing ends a pause, another pause replaces it.
 * C3. The end of a pause is written when it comes, under the condition that it is still the same pause, and so told like any other change.
 *     Until that write whoever reads compares the end with the time: no reader sees a shop closed that has opened.
 */
import type { Item, JsonObject, JsonValue, PlainValue, RouteResponse } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { route } from "../shared/route.ts";
import { parseShop } from "../shared/shop.ts";

export const configKey: Item = { PK: "config" };
const menuKey: Item = { PK: "menu" };

/** `GET /config`. */
export function getConfig(deps: Deps) {
  return route(() => answer(deps));
}

/** `PUT /store?state=open|closed`, and for a pause `&minutes=`. */
export function putStore(deps: Deps) {
  return route(async ({ queryStringParameters: { state, minutes } }) => {
    const isPause = minutes !== undefined;
    await deps.tables.updateItem({
      tableName: deps.names.configTable,
      key: configKey,
      updateExpression: isPause ? "SET storeOpen = :open, reopensAt = :at" : "SET storeOpen = :open REMOVE reopensAt",
      values: { ":open": state === "open", ...(isPause ? { ":at": inMinutes(deps.clock.nowMs(), Number(minutes)) } : {}) },
    });
    return answer(deps);
  });
}

/** `PUT /config`: what the body names, the rest stays. */
export function putConfig(deps: Deps) {
  return route(async ({ body }) => {
    const changes = Object.entries(body as JsonObject);
    await deps.tables.updateItem({
      tableName: deps.names.configTable,
      key: configKey,
      updateExpression: `SET ${changes.map((_, i) => `#n${i} = :v${i}`).join(", ")}`,
      names: Object.fromEntries(changes.map(([name], i) => [`#n${i}`, name])),
      values: Object.fromEntries(changes.map(([, value], i) => [`:v${i}`, value])),
    });
    return answer(deps);
  });
}

/** `PUT /menu`: the whole menu. */
export function putMenu(deps: Deps) {
  return route(async ({ body }) => {
    const value = (Array.isArray(body) ? body : (body as JsonObject).menu) as PlainValue;
    await deps.tables.putItem({ tableName: deps.names.configTable, item: { ...menuKey, value } });
    return answer(deps);
  });
}

async function answer({ tables, names, clock }: Deps): Promise<RouteResponse> {
  const tableName = names.configTable;
  const [config, menu] = await Promise.all([tables.getItem({ tableName, key: configKey }), tables.getItem({ tableName, key: menuKey })]);
  const shop = parseShop(config, clock.nowMs());
  return { statusCode: 200, body: { ...shop, menu: (menu?.value ?? []) as JsonValue } };
}

function inMinutes(nowMs: number, minutes: number): string {
  return new Date(nowMs + minutes * 60_000).toISOString();
}
