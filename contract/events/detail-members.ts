/** Members that several events share. */
import { z } from "zod";
import { OrderId, UserId } from "../ids.ts";

/** Explains the step to a human reader. */
const Message = z.string().default("");

/** Of an event on which a service acts: it must name its order. */
export const aboutOrder = { Message, orderId: OrderId, userId: UserId };

/** Of a fact that clients show and metrics count: put on the bus by hand, it may lack its order. */
export const reportedOrder = {
  Message,
  orderId: z
    .union([z.string(), z.number()])
    .optional()
    .transform((id) => (id === undefined ? "" : String(id)))
    .pipe(z.string().brand<"OrderId">()),
  userId: UserId,
};

/** The time of the write that an event reports, in ms of the epoch. A client ignores events older than what it shows. */
export const stamp = z.number();

/** The number that is called out; null while none is drawn. */
export const orderNumber = z.int().nullable();

export { Message };
