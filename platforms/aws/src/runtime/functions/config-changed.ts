/** On the config table's stream. */
import { createConfig } from "@serverlesspresso/services/config/index.ts";
import { depsOf } from "../base.ts";
import { streamHandler } from "../stream-handler.ts";
import { events } from "../wiring/events.ts";

export const handler = streamHandler(createConfig(depsOf({ events })).ConfigChanged);
