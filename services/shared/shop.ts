/** The shop's configuration as stored. */
import { type FigureName, figureNames, figureOf, type Item, type PlainValue, type Tables } from "@serverlesspresso/ports";
import { machineTimeZone } from "./shop-day.ts";

type Figures = { readonly [name in FigureName]: number };

export interface Shop extends Figures {
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
  const figures = Object.fromEntries(figureNames.map((name) => [name, figureOf(name, item?.[name])])) as Figures;
  const { storeOpen, reopensAt, timeZone } = item ?? {};
  const isOpen = storeOpen === true || isPauseOver(reopensAt, nowMs);
  return {
    ...figures,
    storeOpen: isOpen,
    reopensAt: isOpen || typeof reopensAt !== "string" ? null : reopensAt,
    timeZone: typeof timeZone === "string" && isTimeZone(timeZone) ? timeZone : machineTimeZone(),
    subCode: item?.subCode === true,
  };
}

/** Whether `reopensAt` of the item is the end of a pause that has come. */
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
