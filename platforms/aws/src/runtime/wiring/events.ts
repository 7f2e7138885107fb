import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { names } from "@serverlesspresso/contract";
import { createEvents } from "../adapters/events.ts";
import { clientOptions } from "./client-options.ts";

export const events = createEvents({ eventbridge: new EventBridgeClient(clientOptions), busName: names.bus });
