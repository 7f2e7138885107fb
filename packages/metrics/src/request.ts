/** What several of CloudWatch's requests have, in its own spelling. */
import { z } from "zod";

/** An instant in ms, up to the last that a `Date` can hold; the wire has seconds since the epoch or ISO 8601. */
export const Instant = z
  .union([z.number().transform((seconds) => seconds * 1000), z.string().transform((text) => Date.parse(text))])
  .pipe(z.number("Member must be a timestamp").min(0).max(8.64e15));
/** A name, as long as CloudWatch's may be. */
export const Name = z.string().min(1).max(255);
