/** The shop's configuration as stored. A figure that is missing or no figure has its default. */
import type { Item, PlainValue, Tables } from "@serverlesspresso/ports";
import { machineTimeZone } from "./shop-day.ts";

/** The figures that can be changed, with their defaults. */
export const figures = {
  maxOrdersInQueue: 20,
  maxOrdersPerUser: 1,
  drinksPerBarcode: 10,
  barcodeMinutes: 5,
  customerTimeoutSeconds: 300,
  baristaTimeoutSeconds: 900,
  maxDrinksPerUserPerDay: 0,
  maxOrdersPerDevicePerWindow: 3,
} as const;
/** What a larger figure counts as, also where the item was edited past the API: a number that becomes a time has a bound. */
const most: Partial<Record<keyof typeof figures, number>> = {
  barcodeMinutes: 1_440,
  customerTimeoutSeconds: 86_400,
  baristaTimeoutSeconds: 86_400,
};
type Figures = { readonly [name in keyof typeof figures]: number };

export interface Shop extends Figures {
  /** Whether it is open now: a pause that is over counts as open. */
  readonly storeOpen: boolean;
  /** The end of a pause that still lasts, ISO 8601. */
  readonly reopensAt: string | null;
  readonly timeZone: string;
}

/** Reads the shop's state and limits. */
export async function readShop(tables: Tables, tableName: string, nowMs: number): Promise<Shop> {
  return parseShop(await tables.getItem({ tableName, key: { PK: "config" } }), nowMs);
}

/** What an item `config` says. Without one the shop is closed. */
export function parseShop(item: Item | undefined, nowMs: number): Shop {
  const names = Object.keys(figures) as (keyof Figures)[];
  const known = Object.fromEntries(
    names.map((name) => [name, Math.min(figure(item?.[name], figures[name]), most[name] ?? Number.POSITIVE_INFINITY)]),
  ) as Figures;
  const { storeOpen, reopensAt, timeZone } = item ?? {};
  const isOpen = storeOpen === true || isPauseOver(reopensAt, nowMs);
  return {
    ...known,
    storeOpen: isOpen,
    reopensAt: isOpen || typeof reopensAt !== "string" ? null : reopensAt,
    timeZone: typeof timeZone === "string" && isTimeZone(timeZone) ? timeZone : machineTimeZone(),
  };
}

/** Whether `reopensAt` of the item is the end of a pause that has come. */
export function isPauseOver(reopensAt: PlainValue | undefined, nowMs: number): reopensAt is string {
  return typeof reopensAt === "string" && Date.parse(reopensAt) <= nowMs;
}

function figure(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : otherwise;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
