/**
 * Identifiers, branded so that one never stands for another.
 *
 * I1. An event or execution input written by hand may hold an id as a number; it is read as the same digits in text.
 */
import { z } from "zod";

const byHand = z.union([z.string().min(1), z.number()]).transform(String);

/** An order's id: a ULID, or any text where the order was made by hand. */
export const OrderId = byHand.pipe(z.string().brand<"OrderId">());
export type OrderId = z.infer<typeof OrderId>;

/** A user's id: the subject of their token. Empty when an event put by hand lacks it. */
export const UserId = z
  .union([z.string(), z.number()])
  .optional()
  .transform((id) => (id === undefined ? "" : String(id)))
  .pipe(z.string().brand<"UserId">());
export type UserId = z.infer<typeof UserId>;

/** What resumes a workflow that waits. A secret: it reaches no guest, barista or display. */
export const TaskToken = z.string().min(1).brand<"TaskToken">();
export type TaskToken = z.infer<typeof TaskToken>;
