import { ActionBody, ActionQuery, Order, OrderList, OrderPath } from "@serverlesspresso/contract/api";
import { defineService } from "../define-service.ts";
import { use } from "../use.ts";
import { getMyOrders, getOrder, getOrders } from "./read-orders.ts";
import { sanitizeOrderFunction } from "./sanitize-order.ts";

/** What a list shows of an order: no task token, which is longer than all of this together. */
const listed = ["orderNumber", "name", "note", "drinkOrder", "reason", "TS"] as const;

/**
 * The order manager: orders, what its workflow calls (`blueprint/workflows/order-manager.asl.json`), and the reading of orders.
 * Both indexes of the order table are in time order: their sort key is the instant of making, in ms.
 */
export const service = defineService(import.meta.url, "order-manager", (names) => ({
  tables: [
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
    },
  ],
  routes: [
    {
      operationId: "actOnOrder",
      summary: "Places, makes, puts back, completes, cancels or announces an order",
      method: "PUT",
      path: "/orders/{id}",
      who: "signedIn",
      workflow: "OrderManagerStateMachine",
      rateLimit: "act",
      pathParameters: OrderPath,
      query: ActionQuery,
      body: ActionBody,
      success: { status: 200, description: "the order as it now is", schema: Order },
      problems: [
        "unknown-action",
        "not-allowed",
        "order-not-found",
        "wrong-order",
        "invalid-body",
        "order-busy",
        "order-finished",
        "order-not-placed",
        "order-timed-out",
        "order-already-placed",
        "order-already-claimed",
        "order-not-being-made",
        "order-not-completed",
      ],
    },
    {
      operationId: "getOrders",
      summary: "Orders, newest first",
      method: "GET",
      path: "/orders",
      who: "admin",
      function: "GetOrders",
      rateLimit: "read",
      success: { status: 200, description: "a page of orders", schema: OrderList },
      problems: [],
    },
    {
      operationId: "getOrder",
      summary: "One order",
      method: "GET",
      path: "/orders/{id}",
      who: "signedIn",
      function: "GetOrder",
      rateLimit: "read",
      success: { status: 200, description: "the order", schema: Order },
      problems: ["order-not-found"],
    },
    {
      operationId: "getMyOrders",
      summary: "The caller's orders, newest first",
      method: "GET",
      path: "/myOrders",
      who: "signedIn",
      function: "GetMyOrders",
      rateLimit: "read",
      success: { status: 200, description: "a page of orders", schema: OrderList },
      problems: [],
    },
  ],
  functions: {
    SanitizeOrder: { handler: sanitizeOrderFunction, description: "checks a chosen drink against the menu", uses: [] },
    GetOrders: {
      handler: getOrders,
      description: "lists orders, newest first",
      uses: [use.table(names.orderTable, "Query"), use.index(names.orderTable, names.ordersByState)],
    },
    GetOrder: { handler: getOrder, description: "answers one order", uses: [use.table(names.orderTable, "GetItem")] },
    GetMyOrders: {
      handler: getMyOrders,
      description: "lists the caller's orders, newest first",
      uses: [use.index(names.orderTable, names.ordersByUser)],
    },
  },
  examples: [
    { function: "GetOrders" },
    { function: "GetOrders", query: { state: "CREATED" } },
    {
      function: "SanitizeOrder",
      detail: { body: { drink: "Latte" }, menu: { L: [] } },
    },
  ],
}));
