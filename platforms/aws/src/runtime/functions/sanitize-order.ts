/** Called by `OrderManagerStateMachine`. */
import { createOrderManager } from "@serverlesspresso/services/order-manager/index.ts";
import { depsOf } from "../base.ts";
import { eventHandler } from "../event-handler.ts";

export const handler = eventHandler(createOrderManager(depsOf({})).SanitizeOrder);
