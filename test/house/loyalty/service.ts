import { OrderCompleted } from "@serverlesspresso/contract/events";
import { defineService } from "@serverlesspresso/services/define-service.ts";
import { use } from "@serverlesspresso/services/use.ts";
import { Card, cardTable, getCard } from "./card.ts";
import { collectStamps } from "./collect-stamps.ts";
import { Stamped } from "./stamped.ts";

/** Loyalty: each completed order is a stamp on its guest's card, and guests may look at theirs. */
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
  routes: [
    {
      operationId: "getLoyaltyCard",
      summary: "The caller's card",
      method: "GET",
      path: "/loyalty/card",
      who: "signedIn",
      function: "GetCard",
      rateLimit: "read",
      success: { status: 200, description: "the card", schema: Card },
      problems: [],
    },
  ],
  functions: {
    GetCard: {
      handler: getCard,
      description: "answers a guest's own card",
      uses: [use.table(cardTable(names), "GetItem")],
    },
    CollectStamps: {
      handler: collectStamps,
      description: "stamps the cards of guests whose orders are completed",
      uses: [use.table(cardTable(names), "UpdateItem"), use.events],
    },
  },
}));
