import { OrderCompleted } from "@serverlesspresso/contract/events";
import type { JsonObject } from "@serverlesspresso/ports";
import { defineService } from "@serverlesspresso/services/define-service.ts";
import { use } from "@serverlesspresso/services/use.ts";
import { Card, Cup, cardTable, fillCup, getCard } from "./card.ts";
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
    {
      operationId: "fillLoyaltyCup",
      summary: "Gives a full card for a free cup",
      method: "POST",
      path: "/loyalty/cups",
      who: "signedIn",
      function: "FillCup",
      rateLimit: "act",
      success: { status: 200, description: "whether the cup is free, and the stamps that are left", schema: Cup },
      problems: [],
    },
  ],
  functions: {
    GetCard: {
      handler: getCard,
      description: "answers a guest's own card",
      uses: [use.table(cardTable(names), "GetItem")],
    },
    FillCup: {
      handler: fillCup,
      description: "takes a full card for a free cup",
      uses: [use.table(cardTable(names), "GetItem", "UpdateItem")],
    },
    CollectStamps: {
      handler: collectStamps,
      description: "stamps the cards of guests whose orders are completed",
      uses: [use.table(cardTable(names), "UpdateItem"), use.events],
    },
  },
  examples: [
    { function: "CollectStamps", detail: completed("seven") },
    { function: "FillCup" },
    { function: "CollectStamps", detail: completed("eight") },
    { function: "FillCup" },
  ],
}));

/** The detail of an order of the guest's who calls. */
function completed(orderId: string): JsonObject {
  return { orderId, userId: "ada", orderNumber: 7, ORDERSTATE: "COMPLETED" };
}
