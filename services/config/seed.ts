/** What a new shop's configuration starts with. */
import { configFieldNames, configFields } from "@serverlesspresso/contract";
import type { JsonObject } from "@serverlesspresso/ports";

const milk: JsonObject = { M: { Name: { S: "Milk" }, Options: { L: [{ S: "Regular" }, { S: "Oat" }] } } };

/** The drinks of docs/spec.md section 2; `icon` names a drawing of the apps. */
export const seedDrinks: readonly { readonly drink: string; readonly icon: string; readonly withMilk: boolean }[] = [
  { drink: "Espresso", icon: "espresso", withMilk: false },
  { drink: "Cappuccino", icon: "cappuccino", withMilk: true },
  { drink: "Latte", icon: "latte", withMilk: true },
  { drink: "Flat White", icon: "flat-white", withMilk: true },
  { drink: "Americano", icon: "americano", withMilk: false },
  { drink: "Coffee of the day", icon: "coffee-of-the-day", withMilk: false },
];

const menuEntries: JsonObject[] = seedDrinks.map(({ drink, icon, withMilk }) => ({
  M: { drink: { S: drink }, icon: { S: icon }, available: { BOOL: true }, modifiers: { L: withMilk ? [milk] : [] } },
}));

/** The item of shop state and limits. `timeZone` is left out on purpose: without it the machine's own rules. */
export const configSeed: JsonObject = {
  PK: { S: "config" },
  storeOpen: { BOOL: true },
  subCode: { BOOL: false },
  ...Object.fromEntries(configFieldNames.map((name) => [name, { N: String(configFields[name].default) }])),
};

/** The item of the menu. */
export const menuSeed: JsonObject = { PK: { S: "menu" }, value: { L: menuEntries } };
