/** Called by hand. */
import { createCounting } from "@serverlesspresso/services/counting/index.ts";
import { depsOf } from "../base.ts";
import { eventHandler } from "../event-handler.ts";
import { tables } from "../wiring/tables.ts";

export const handler = eventHandler(createCounting(depsOf({ tables })).GetOrderCount);
