import { defineService } from "../define-service.ts";
import { use } from "../use.ts";
import { getOrderCount } from "./get-order-count.ts";

/** The counting of orders. Numbers are drawn by the order processor's workflow. */
export const service = defineService(import.meta.url, "counting", (names) => ({
  tables: [
    {
      name: names.countingTable,
      partitionKey: { name: "PK", type: "S" },
      indexes: [],
      seed: [{ PK: { S: "orderID" }, IDvalue: { N: "0" } }],
    },
  ],
  functions: {
    GetOrderCount: {
      handler: getOrderCount,
      description: "answers the last order number given",
      uses: [use.table(names.countingTable, "GetItem")],
    },
  },
}));
