import { defineEvent } from "@serverlesspresso/contract/events";
import { UserId } from "@serverlesspresso/contract/ids";
import { z } from "zod";

/** The event of this service's own. */
export const Stamped = defineEvent({
  source: "bar",
  detailType: "Loyalty.Stamped",
  sentence: "A guest's card has a stamp for each of their completed orders.",
  emittedBy: ["loyalty"],
  detail: { userId: UserId, stamps: z.int() },
});
