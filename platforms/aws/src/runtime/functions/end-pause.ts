/** Every minute. */
import { createConfig } from "@serverlesspresso/services/config/index.ts";
import { depsOf } from "../base.ts";
import { eventHandler } from "../event-handler.ts";
import { tables } from "../wiring/tables.ts";

export const handler = eventHandler(createConfig(depsOf({ tables })).EndPause);
