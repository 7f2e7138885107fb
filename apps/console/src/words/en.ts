import type { ConfigFieldName, ConfigUnit } from "@serverlesspresso/contract";
import type { Translated } from "../../../ui/src/i18n.ts";
import { words as common } from "../../../ui/src/words/en.ts";
import { problems } from "../../../ui/src/words/problems-en.ts";

/** The console's texts in English; the other languages have the same keys. */
export const words = {
  ...common,
  problems: {
    ...common.problems,
    ...problems,
    "unknown-code": "No display shows this code. Codes live ten minutes; look at the display again.",
  },
  title: "Console",
  sections: { shop: "Shop", menu: "Menu", devices: "Devices", mail: "Mail" },
  saved: "Saved.",
  shop: {
    open: "The bar is open.",
    closed: "The bar is closed.",
    openNow: "Open the bar",
    close: "Close the bar",
    limits: "Limits",
    limitNames: {
      maxOrdersInQueue: "Orders in the queue at most",
      maxOrdersPerUser: "Open orders of one guest at most",
      drinksPerBarcode: "Drinks of one code",
      barcodeMinutes: "Minutes a code lives",
      customerTimeoutSeconds: "Seconds to choose a drink",
      baristaTimeoutSeconds: "Seconds to make a drink",
      maxDrinksPerUserPerDay: "Drinks of one guest a day (0: no limit)",
      maxOrdersPerDevicePerWindow: "Orders of one phone for one code (0: no limit)",
    } satisfies Record<ConfigFieldName, string>,
    units: { orders: "orders", drinks: "drinks", minutes: "minutes", seconds: "seconds" } satisfies Record<ConfigUnit, string>,
    bounds: (minimum: number, maximum: number, unit: string, usual: number) => `${minimum} to ${maximum} ${unit}, normally ${usual}`,
    timeZone: "Time zone",
    subCode: "The code changes every 30 seconds",
  },
  menu: {
    drink: "Drink",
    icon: "Picture",
    available: "Available",
    options: "Options, one group a line",
    optionsHint: "Milk: Regular, Oat",
    add: "Add a drink",
    remove: (drink: string) => `Remove ${drink}`,
    up: (drink: string) => `Move ${drink} up`,
    save: "Save menu",
    newDrink: "New drink",
  },
  devices: {
    intro: "A display or tablet that is not signed in shows a code of six characters.",
    code: "Code on the device",
    noCode: "Enter the six letters and digits that the device shows.",
    pair: "Pair device",
    paired: (name: string) => `${name} is paired and signs itself in.`,
  },
  mail: {
    intro: "Without a mail server, mails lie here.",
    none: "No mail.",
    refresh: "Refresh",
    to: (address: string) => `To ${address}`,
  },
};

/** The shape of the console's texts. */
export type Words = Translated<typeof words>;
