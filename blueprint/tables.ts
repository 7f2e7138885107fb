import { names } from "@serverlesspresso/contract";
import type { TableBlueprint } from "./types.ts";

/** What a list shows of an order: no task token, which is longer than all of this together. */
const listed = ["orderNumber", "name", "note", "drinkOrder", "reason", "TS"] as const;

/** SPEC section 5. Both indexes of the order table are in time order: their sort key is the instant of making, in ms. */
export const tables: readonly TableBlueprint[] = [
  {
    name: names.configTable,
    partitionKey: { name: "PK", type: "S" },
    indexes: [],
    stream: [{ function: "ConfigChanged", batchSize: 10, filter: { eventName: ["INSERT", "MODIFY"] } }],
  },
  { name: names.countingTable, partitionKey: { name: "PK", type: "S" }, indexes: [] },
  {
    name: names.orderTable,
    partitionKey: { name: "PK", type: "S" },
    sortKey: { name: "SK", type: "S" },
    indexes: [
      {
        name: names.ordersByState,
        partitionKey: { name: "ORDERSTATE", type: "S" },
        sortKey: { name: "createdMs", type: "N" },
        attributes: [...listed, "USERID", "baristaUserId"],
      },
      {
        name: names.ordersByUser,
        partitionKey: { name: "USERID", type: "S" },
        sortKey: { name: "createdMs", type: "N" },
        attributes: [...listed, "ORDERSTATE"],
      },
    ],
    stream: [{ function: "NewOrder", batchSize: 10, filter: { eventName: ["INSERT"] } }],
  },
  { name: names.validatorTable, partitionKey: { name: "PK", type: "S" }, indexes: [], timeToLiveAttribute: "expiresAt" },
  {
    name: names.metricsTable,
    partitionKey: { name: "PK", type: "S" },
    sortKey: { name: "SK", type: "S" },
    indexes: [],
    timeToLiveAttribute: "expiresAt",
  },
];
