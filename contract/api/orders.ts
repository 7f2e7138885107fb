/** The order routes of docs/spec.md section 4: requests, queries, answers. */
import { z } from "zod";
import { orderStates } from "../order.ts";
import { mostOrdersPerPage } from "../paging.ts";
import { line } from "./text.ts";

const OrderState = z.enum(orderStates);

/** ULIDs in the main; orders made by hand may have any short id. */
export const OrderPath = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });

/** A drink and its options as they are made. */
const DrinkOrder = z.strictObject({ drink: z.string(), modifiers: z.array(z.string()) });

/** An order as its guest sees it; `orderNumber` and `drinkOrder` are null until there is one, texts are empty. */
export const Order = z.strictObject({
  orderId: z.string(),
  orderNumber: z.number().int().nullable(),
  orderState: OrderState,
  name: z.string(),
  note: z.string(),
  drinkOrder: DrinkOrder.nullable(),
  reason: z.string(),
  createdMs: z.number().int(),
  updatedMs: z.number().int(),
  userId: z.string().optional().describe("for admins alone"),
  baristaUserId: z.string().optional().describe("for admins alone"),
});
export type Order = z.infer<typeof Order>;

/** One page of orders; `next` asks for the page after it. */
export const OrderList = z.strictObject({ orders: z.array(Order), next: z.string().nullable() });
export type OrderList = z.infer<typeof OrderList>;

const paging = {
  maxItems: z.coerce.number().int().min(1).max(mostOrdersPerPage).default(50),
  next: z.string().max(1024).optional(),
};
/** The query of the staff's list. */
export const OrdersQuery = z.strictObject({ state: OrderState.optional(), ...paging });
/** The query of the caller's own list. */
export const MyOrdersQuery = z.strictObject(paging);

/** Unknown actions are answered by the workflow. */
export const ActionQuery = z.strictObject({ action: z.string().max(64).default("") });
/**
 * A submission has `drink`, `modifiers`, `name`, `note`; a cancellation `reason`; other actions nothing.
 * What the workshop's own apps send besides is taken and goes nowhere: who acts is in the token.
 */
export const ActionBody = z
  .strictObject({
    drink: z.string().min(1).max(100).optional(),
    modifiers: z.array(z.string().max(100)).max(20).optional(),
    name: line(40).optional(),
    note: line(80).optional(),
    reason: line(200).optional(),
    icon: z.unknown().optional().describe("ignored"),
    userId: z.unknown().optional().describe("ignored"),
  })
  .transform(({ icon: _icon, userId: _userId, ...taken }) => taken);
export type ActionBody = z.input<typeof ActionBody>;
