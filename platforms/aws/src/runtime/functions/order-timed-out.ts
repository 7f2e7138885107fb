/** Target of the rule `OrderTimedOut`. */
import { createOrderProcessor } from "@serverlesspresso/services/order-processor/index.ts";
import { depsOf } from "../base.ts";
import { eventHandler } from "../event-handler.ts";
import { tables } from "../wiring/tables.ts";
import { topics } from "../wiring/topics.ts";

export const handler = eventHandler(createOrderProcessor(depsOf({ tables, topics })).OrderTimedOut);
