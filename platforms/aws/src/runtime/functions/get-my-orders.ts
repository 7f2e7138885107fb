/** `GET /myOrders`. */
import { createOrderManager } from "@serverlesspresso/services/order-manager/index.ts";
import { serviceRoute } from "../api/service-route.ts";
import { clock, depsOf } from "../base.ts";
import { tables } from "../wiring/tables.ts";

export const handler = serviceRoute("GetMyOrders", createOrderManager(depsOf({ tables })).GetMyOrders, { clock });
