/**
 * Shop state, limits and menu.
 *
 * C1. Each change is one write; every write answers the configuration as it then is.
 * C2. Opening or closing ends a pause, another pause replaces it.
 * C3. The end of a pause is written when it comes, under the condition that it is still the same pause, and so told like any other change.
 *     Until that write a reader compares the end with the time: no reader sees a shop closed that has opened.
 */
import { ConfigBody, MenuBody, StoreQuery } from "@serverlesspresso/contract/api";
import type { Item, RouteResponse } from "@serverlesspresso/ports";
import { routeFunction } from "../edges/route-function.ts";
import type { Deps } from "../shared/deps.ts";
import { isJson } from "../shared/json.ts";
import { parseShop } from "../shared/shop.ts";

/** The key of shop state and limits. */
export const configKey: Item = { PK: "config" };
const menuKey: Item = { PK: "menu" };

/** `GET /config`. */
export const getConfig = routeFunction({}, (deps) => () => answer(deps));

/** `PUT /store?state=open|closed`, and for a pause `&minutes=`. */
export const putStore = routeFunction({ query: StoreQuery }, (deps) => async ({ query: { state, minutes } }) => {
  const pause = minutes === undefined ? {} : { ":at": inMinutes(deps.clock.nowMs(), minutes) };
  await deps.tables.updateItem({
    tableName: deps.names.configTable,
    key: configKey,
    updateExpression: minutes === undefined ? "SET storeOpen = :open REMOVE reopensAt" : "SET storeOpen = :open, reopensAt = :at",
    values: { ":open": state === "open", ...pause },
  });
  return answer(deps);
});

/** `PUT /config`: what the body names, the rest stays. */
export const putConfig = routeFunction({ body: ConfigBody }, (deps) => async ({ body }) => {
  const changes = Object.entries(body).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  await deps.tables.updateItem({
    tableName: deps.names.configTable,
    key: configKey,
    updateExpression: `SET ${changes.map((_, i) => `#n${i} = :v${i}`).join(", ")}`,
    names: Object.fromEntries(changes.map(({ name }, i) => [`#n${i}`, name])),
    values: Object.fromEntries(changes.map(({ value }, i) => [`:v${i}`, value])),
  });
  return answer(deps);
});

/** `PUT /menu`: the whole menu. */
export const putMenu = routeFunction({ body: MenuBody }, (deps) => async ({ body }) => {
  const value = Array.isArray(body) ? body : body.menu;
  await deps.tables.putItem({ tableName: deps.names.configTable, item: { ...menuKey, value } });
  return answer(deps);
});

async function answer({ tables, names, clock }: Deps): Promise<RouteResponse> {
  const tableName = names.configTable;
  const [config, menu] = await Promise.all([tables.getItem({ tableName, key: configKey }), tables.getItem({ tableName, key: menuKey })]);
  return { statusCode: 200, body: { ...parseShop(config, clock.nowMs()), menu: isJson(menu?.value) ? menu.value : [] } };
}

function inMinutes(nowMs: number, minutes: number): string {
  return new Date(nowMs + minutes * 60_000).toISOString();
}
