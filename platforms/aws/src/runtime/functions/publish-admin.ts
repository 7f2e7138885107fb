/** Target of the rule `PublishAdmin`. */
import { createPublisher } from "@serverlesspresso/services/publisher/index.ts";
import { depsOf } from "../base.ts";
import { eventHandler } from "../event-handler.ts";
import { topics } from "../wiring/topics.ts";

export const handler = eventHandler(createPublisher(depsOf({ topics })).PublishAdmin);
