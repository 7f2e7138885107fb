/** The shop as the API describes it. What comes from outside is read here, field by field; what is missing gets the default of an empty shop. */
import type { ConfigFieldName } from "@serverlesspresso/contract";

/** Options of which a guest chooses at most one. */
export interface ModifierGroup {
  readonly name: string;
  readonly options: readonly string[];
}

/** A drink of the menu. */
export interface MenuItem {
  readonly drink: string;
  readonly icon: string;
  readonly available: boolean;
  readonly modifiers: readonly ModifierGroup[];
}

/** The shop's public config. */
export interface Shop {
  readonly storeOpen: boolean;
  /** When a pause ends by itself, on the server's clock; 0 without one. */
  readonly reopensMs: number;
  readonly limits: Readonly<Limits>;
  readonly timeZone: string;
  /** Whether the codes of a window change every 30 s. */
  readonly subCode: boolean;
  readonly menu: readonly MenuItem[];
}

/** The shop's numbers, by the names of the config item. */
export type Limits = Partial<Record<ConfigFieldName, number>>;

/** A value as a record; anything else is empty. */
export const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
/** A value as a list; anything else is empty. */
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
/** A value as text; anything else but a number is empty. */
export const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** Reads a menu: the list itself, or an item `{value: [...]}`. */
export function parseMenu(value: unknown): MenuItem[] {
  return list(Array.isArray(value) ? value : record(value).value).map(parseItem);
}

function parseItem(value: unknown): MenuItem {
  const { drink, icon, available, modifiers } = record(value);
  const groups = list(modifiers).map((group) => ({ name: text(record(group).Name), options: list(record(group).Options).map(text) }));
  return { drink: text(drink), icon: text(icon), available: available !== false, modifiers: groups };
}

/** Reads the answer of `GET /config`. */
export function parseShop(value: unknown): Shop {
  const fields = record(value);
  return {
    storeOpen: fields.storeOpen !== false,
    reopensMs: Date.parse(text(fields.reopensAt)) || 0,
    limits: Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === "number")) as Limits,
    timeZone: text(fields.timeZone),
    subCode: fields.subCode === true,
    menu: parseMenu(fields.menu),
  };
}

/** The menu in the API's own spelling. */
export function printMenu(menu: readonly MenuItem[]): unknown[] {
  return menu.map(({ modifiers, ...item }) => ({
    ...item,
    modifiers: modifiers.map(({ name, options }) => ({ Name: name, Options: options })),
  }));
}
