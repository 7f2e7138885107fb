/** What the bar's staff can do to the shop. Both calls answer once the change is durable; every phone receives it over MQTT. */
import type { Api } from "./api.ts";
import { type Limits, type MenuItem, printMenu } from "./shop.ts";

/** Opens or closes the shop; with `minutes` it opens again by itself. */
export async function setStore(api: Api, state: "open" | "closed", minutes?: number): Promise<void> {
  await api.call("config", `/store?state=${state}${minutes ? `&minutes=${minutes}` : ""}`, { method: "PUT" });
}

/** Replaces the whole menu. */
export async function putMenu(api: Api, menu: readonly MenuItem[]): Promise<void> {
  await api.call("config", "/menu", { method: "PUT", body: printMenu(menu) });
}

/** Changes some of the limits. */
export async function putLimits(api: Api, limits: Limits & { timeZone?: string; subCode?: boolean }): Promise<void> {
  await api.call("config", "/config", { method: "PUT", body: limits });
}
