/** The shop's configuration as stored. */
import { type ConfigFieldName, configFieldNames, configValue } from "@serverlesspresso/contract";
import type { Item, PlainValue, Tables } from "@serverlesspresso/ports";
import { machineTimeZone } from "./shop-day.ts";

type Limits = { readonly [name in ConfigFieldName]: number };

/** The state of the shop: whether it is open, and its limits. */
export interface Shop extends Limits {
  /** Whether it is open now: a pause that is over counts as open. */
  readonly storeOpen: boolean;
  /** The end of a pause that still lasts, ISO 8601. */
  readonly reopensAt: string | null;
  readonly timeZone: string;
  /** Whether the codes of a window change every 30 s. */
  readonly subCode: boolean;
}

/** Reads the shop's state and limits. */
export async function readShop(tables: Tables, tableName: string, nowMs: number): Promise<Shop> {
  return parseShop(await tables.getItem({ tableName, key: { PK: "config" } }), nowMs);
}

/** What an item `config` says. Without one the shop is closed. */
export function parseShop(item: Item | undefined, nowMs: number): Shop {
  const limits = Object.fromEntries(configFieldNames.map((name) => [name, configValue(name, item?.[name])])) as Limits;
  const { storeOpen, reopensAt, timeZone } = item ?? {};
  const isOpen = storeOpen === true || isPauseOver(reopensAt, nowMs);
  return {
    ...limits,
    storeOpen: isOpen,
    reopensAt: isOpen || typeof reopensAt !== "string" ? null : reopensAt,
    timeZone: typeof timeZone === "string" && isTimeZone(timeZone) ? timeZone : machineTimeZone(),
    subCode: item?.subCode === true,
  };
}

/** Returns whether `reopensAt` of the item is the end of a pause that has come. */
export function isPauseOver(reopensAt: PlainValue | undefined, nowMs: number): reopensAt is string {
  return typeof reopensAt === "string" && Date.parse(reopensAt) <= nowMs;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
