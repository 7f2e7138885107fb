import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createEvents } from "../adapters/events.ts";
import { names } from "../base.ts";
import { clientOptions } from "./client-options.ts";

/** The event bus of the installation. */
export const events = createEvents({ eventbridge: new EventBridgeClient(clientOptions), busName: names.bus });
