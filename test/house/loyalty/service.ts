import { OrderCompleted } from "@serverlesspresso/contract/events";
import { defineService } from "@serverlesspresso/services/define-service.ts";
import { use } from "@serverlesspresso/services/use.ts";
import { cardTable, collectStamps } from "./collect-stamps.ts";
import { Stamped } from "./stamped.ts";

/** Loyalty: each completed order is a stamp on its guest's card. */
export const service = defineService(import.meta.url, "loyalty", (names) => ({
  events: [Stamped],
  tables: [{ name: cardTable(names), partitionKey: { name: "PK", type: "S" }, indexes: [] }],
  queues: [{ name: "LoyaltyQueue", function: "CollectStamps" }],
  rules: [
    {
      name: "LoyaltyStamps",
      description: "collects completed orders",
      on: [OrderCompleted],
      target: { queue: "LoyaltyQueue" },
    },
  ],
  functions: {
    CollectStamps: {
      handler: collectStamps,
      description: "stamps the cards of guests whose orders are completed",
      uses: [use.table(cardTable(names), "UpdateItem"), use.events],
    },
  },
}));
