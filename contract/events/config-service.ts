import { z } from "zod";
import type { JsonValue } from "../json.ts";
import { defineEvent } from "./define-event.ts";
import { Message } from "./detail-members.ts";

/** Emitted for each change of the config table. */
export const ConfigChanged = defineEvent({
  source: "bar",
  detailType: "ConfigService.ConfigChanged",
  sentence: "An item of the config table changed: the shop's state, a limit or the menu.",
  emittedBy: ["config"],
  detail: {
    Message,
    /** The item as it now is, in plain values. */
    NewImage: z.record(z.string(), z.json() as z.ZodType<JsonValue>),
  },
});
