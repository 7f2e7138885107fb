import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { busName } from "@serverlesspresso/blueprint/names.ts";
import { createEvents } from "../adapters/events.ts";
import { clientOptions } from "./client-options.ts";

export const events = createEvents({ eventbridge: new EventBridgeClient(clientOptions), busName });
