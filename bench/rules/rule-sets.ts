/** Rules as real buses have them, so many that three of them want each event. */
import type { JsonObject } from "@serverlesspresso/ports";

export interface RuleSet {
  readonly name: string;
  /** The pattern of the `group`th three rules. */
  pattern(group: number): JsonObject;
  /** An event that only they want. */
  event(group: number): { readonly Source: string; readonly DetailType: string; readonly Detail: JsonObject };
}

export const rulesPerEvent = 3;
const typesPerSource = 10;

const detail = (store: number, drink: string): JsonObject => ({
  orderId: `order-${store}`,
  store,
  userId: "user-7f3a",
  drinkOrder: { drink, modifiers: ["Oat"], sizes: [{ name: "M", ml: 240 }] },
  Message: "The order has its number. Waiting for a barista to make it.",
});

export const ruleSets: readonly RuleSet[] = [
  {
    name: "by source and detail-type",
    pattern: (group) => ({ source: [`shop.${Math.floor(group / typesPerSource)}`], "detail-type": [`Order.${group % typesPerSource}`] }),
    event: (group) => ({
      Source: `shop.${Math.floor(group / typesPerSource)}`,
      DetailType: `Order.${group % typesPerSource}`,
      Detail: detail(1, "Latte"),
    }),
  },
  {
    name: "by prefix of the detail-type",
    pattern: (group) => ({ source: ["shop"], "detail-type": [{ prefix: `Store${group}.` }] }),
    event: (group) => ({ Source: "shop", DetailType: `Store${group}.Finished`, Detail: detail(1, "Latte") }),
  },
  {
    name: "by a number in the detail",
    pattern: (group) => ({
      source: ["shop"],
      "detail-type": ["Order"],
      detail: { store: [group], drinkOrder: { drink: ["Latte", "Mocha"] } },
    }),
    event: (group) => ({ Source: "shop", DetailType: "Order", Detail: detail(group, "Latte") }),
  },
];
