import { CodeWindow, SpendAnswer } from "@serverlesspresso/contract/api";
import { defineService } from "../define-service.ts";
import { use } from "../use.ts";
import { getCode } from "./get-code.ts";
import { newOrderEvents } from "./new-order.ts";
import { spendToken } from "./spend-token.ts";

/** The validator: who may order. */
export const service = defineService(import.meta.url, "validator", (names) => ({
  tables: [{ name: names.validatorTable, partitionKey: { name: "PK", type: "S" }, indexes: [], timeToLiveAttribute: "expiresAt" }],
  streams: [{ table: names.orderTable, function: "NewOrder", batchSize: 10, filter: { eventName: ["INSERT"] } }],
  routes: [
    {
      operationId: "getCode",
      summary: "The current window and its code",
      method: "GET",
      path: "/qr-code",
      who: "admin",
      function: "GetCode",
      rateLimit: "read",
      success: { status: 200, description: "the window", schema: CodeWindow },
      problems: [],
    },
    {
      operationId: "spendToken",
      summary: "Spends a token and makes an order",
      method: "POST",
      path: "/qr-code",
      who: "signedIn",
      function: "SpendToken",
      rateLimit: "scan",
      opensOrder: true,
      success: { status: 201, description: "the caller's order", schema: SpendAnswer },
      problems: [
        "unknown-code",
        "code-expired",
        "order-limit",
        "daily-limit",
        "order-busy",
        "no-drinks-left",
        "device-limit",
        "too-many-wrong-codes",
        "shop-closed",
      ],
    },
  ],
  functions: {
    GetCode: {
      handler: getCode,
      description: "answers the current window's code, making it where nobody has yet",
      uses: [use.table(names.configTable, "GetItem"), use.table(names.validatorTable, "GetItem", "PutItem", "UpdateItem")],
    },
    SpendToken: {
      handler: spendToken,
      description: "spends one of a window's tokens and makes the order",
      uses: [
        use.table(names.configTable, "GetItem"),
        use.table(names.validatorTable, "GetItem", "UpdateItem"),
        use.table(names.orderTable, "GetItem", "PutItem"),
      ],
    },
    NewOrder: {
      handler: newOrderEvents,
      description: "on the order table's stream: tells the bus of each new order",
      uses: [use.table(names.validatorTable, "GetItem"), use.events],
    },
  },
}));
