/** On the order table's stream. */
import { createValidator } from "@serverlesspresso/services/validator/index.ts";
import { depsOf } from "../base.ts";
import { streamHandler } from "../stream-handler.ts";
import { events } from "../wiring/events.ts";
import { tables } from "../wiring/tables.ts";

export const handler = streamHandler(createValidator(depsOf({ tables, events })).NewOrder);
