/** Called by hand. */
import { createMetrics } from "@serverlesspresso/services/metrics/index.ts";
import { depsOf } from "../base.ts";
import { eventHandler } from "../event-handler.ts";
import { events } from "../wiring/events.ts";

export const handler = eventHandler(createMetrics(depsOf({ events })).EventsLoadTest);
