/**
 * An order and its item in the order table.
 *
 * O1. Every attribute but the number, the token and what follows from them is there from the start, so that the workflow can read it.
 * O4. An item without an id or with an unknown state is no order. Any other member of a wrong type counts as missing.
 */
import { orderStates } from "@serverlesspresso/contract";
import { OrderId, TaskToken, UserId } from "@serverlesspresso/contract/ids";
import type { Item, PlainValue } from "@serverlesspresso/ports";
import { z } from "zod";
import { parseJson } from "./json.ts";
import type { Order } from "./order.ts";

const text = z.string().catch("");
const optionalText = z.string().optional().catch(undefined);
/** JSON text; what is no drink counts as not chosen. */
const Drink = z
  .object({ drink: z.string(), modifiers: z.array(z.string()).default([]) })
  .catchall(z.json())
  .nullable();
const Stored = z.object({
  SK: OrderId,
  USERID: UserId,
  ORDERSTATE: z.enum(orderStates),
  drinkOrder: z.string().transform(parseJson).pipe(Drink).catch(null),
  name: text,
  note: text,
  reason: text,
  baristaUserId: text,
  createdMs: z.number().catch(0),
  TS: z.number().catch(0),
  orderNumber: z.number().optional().catch(undefined),
  TaskToken: TaskToken.optional().catch(undefined),
  tokenAt: optionalText,
  executionArn: optionalText,
  pending: optionalText,
  untold: z.boolean().optional().catch(undefined),
  bucket: z.object({ window: z.string(), startMs: z.number(), endMs: z.number() }).optional().catch(undefined),
});

/** The members of an order by the attributes that hold them, where the two are called differently. */
const attributeNames = { id: "SK", userId: "USERID", state: "ORDERSTATE", stampMs: "TS", taskToken: "TaskToken" } as const;

/** Members of an order that a change sets. */
export type OrderMembers = Partial<Omit<Order, "id" | "stampMs">>;

/** Returns the order in an item; undefined where it holds none (O4). */
export function parseOrder(item: Item): Order | undefined {
  const stored = Stored.safeParse(item);
  if (!stored.success) return undefined;
  const { SK: id, USERID: userId, ORDERSTATE: state, TS: stampMs, TaskToken: taskToken, ...same } = stored.data;
  return { id, userId, state, stampMs, taskToken, ...same };
}

/** Returns the item of an order. */
export function itemOf(order: Order): Item {
  return { PK: "orders", ...attributesOf(order) };
}

/** Returns the attributes that hold these members. */
export function attributesOf(members: Partial<Order>): Item {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[attributeOf(name), encoded(name, value)]])),
  );
}

/** Returns the name of the attribute that holds a member. */
export function attributeOf(member: string): string {
  return new Map<string, string>(Object.entries(attributeNames)).get(member) ?? member;
}

function encoded(name: string, value: NonNullable<Order[keyof Order]> | null): PlainValue {
  if (name === "drinkOrder") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? { ...value } : value;
}
