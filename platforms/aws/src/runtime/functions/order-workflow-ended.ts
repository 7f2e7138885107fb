/** Target of the rule `OrderWorkflowEnded`. */
import { createOrderProcessor } from "@serverlesspresso/services/order-processor/index.ts";
import { depsOf } from "../base.ts";
import { eventHandler } from "../event-handler.ts";
import { events } from "../wiring/events.ts";
import { tables } from "../wiring/tables.ts";

export const handler = eventHandler(createOrderProcessor(depsOf({ tables, events })).OrderWorkflowEnded);
