/** The envelope in which an event reaches a function; a person may have written it by hand. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { AnyObject } from "../shared/json.ts";

const Envelope = z.object({
  id: z.string().default(""),
  "detail-type": z.string().default(""),
  time: z.string().default(""),
  resources: z.array(z.string()).default([]),
  detail: AnyObject,
});

/** An event, in our own spelling. */
export interface Received<Detail = JsonObject> {
  readonly id: string;
  readonly detailType: string;
  /** When it was put on the bus, ISO 8601. */
  readonly time: string;
  readonly resources: readonly string[];
  readonly detail: Detail;
}

/** Returns the parsed envelope; undefined for an event without a valid one. */
export function readEnvelope(event: unknown): Received | undefined {
  const found = Envelope.safeParse(event);
  if (!found.success) return undefined;
  const { "detail-type": detailType, ...same } = found.data;
  return { detailType, ...same };
}
