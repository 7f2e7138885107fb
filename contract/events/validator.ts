import { z } from "zod";
import { defineEvent } from "./define-event.ts";
import { aboutOrder, stamp } from "./detail-members.ts";

/** Emitted from the order table's stream. */
export const NewOrder = defineEvent({
  source: "bar",
  detailType: "Validator.NewOrder",
  sentence: "A guest spent a token of the QR code, and the order exists.",
  emittedBy: ["validator"],
  detail: {
    ...aboutOrder,
    /** The window of the code, in ms of the epoch, and how many tokens are left; never the code. */
    bucket: z.looseObject({ startMs: z.number(), endMs: z.number(), remaining: z.number() }).optional(),
    TS: stamp.optional(),
  },
});
