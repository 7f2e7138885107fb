/** An order, as services know it. Its states and their transitions stand in the contract. */
import { type OrderId, type TaskToken, UserId } from "@serverlesspresso/contract/ids";
import type { JsonValue } from "@serverlesspresso/ports";

/** The window whose token an order took. */
export interface Bucket {
  readonly window: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A drink and its options as they are made. */
export interface DrinkOrder {
  readonly drink: string;
  readonly modifiers: readonly string[];
}

interface Known {
  readonly id: OrderId;
  readonly userId: UserId;
  readonly name: string;
  readonly note: string;
  readonly createdMs: number;
  /** When it was last changed. */
  readonly stampMs: number;
  readonly orderNumber?: number | undefined;
  /** The state machine's execution that it waits for, or waited. */
  readonly executionArn?: string | undefined;
  /** When the token's event was put on the bus, ISO 8601: a redriven workflow has a newer one. */
  readonly tokenAt?: string | undefined;
  /** The event of a change that is written but, as far as the item knows, not on the bus yet. */
  readonly pending?: string | undefined;
  /** Set until the event that the order waits for the bar is on the bus. */
  readonly untold?: boolean | undefined;
  /** Missing where the order was made by hand. */
  readonly bucket?: Bucket | undefined;
  /** Resumes the workflow that waits. */
  readonly taskToken?: TaskToken | undefined;
  /** Null where none was chosen. */
  readonly drinkOrder: DrinkOrder | null;
  /** Why it ended, where a reason was given; empty otherwise. */
  readonly reason: string;
  /** Who makes or made it; empty otherwise. */
  readonly baristaUserId: string;
}

/** An order that waits for its guest or the bar. */
export type OpenOrder =
  | (Known & { readonly state: "CREATED" })
  | (Known & { readonly state: "SUBMITTED" })
  | (Known & { readonly state: "MAKING" });
/** An order that stays as it is. */
export type EndedOrder =
  | (Known & { readonly state: "COMPLETED" })
  | (Known & { readonly state: "CANCELLED" })
  | (Known & { readonly state: "TIMEDOUT" })
  | (Known & { readonly state: "REFUSED" });
/** An order. */
export type Order = OpenOrder | EndedOrder;

/** Returns whether nothing follows. */
export function isFinal(order: Order): order is EndedOrder {
  switch (order.state) {
    case "CREATED":
    case "SUBMITTED":
    case "MAKING":
      return false;
    case "COMPLETED":
    case "CANCELLED":
    case "TIMEDOUT":
    case "REFUSED":
      return true;
    default:
      return order satisfies never;
  }
}

/** The user of an order whose event names no user; an index's key is never empty. */
const nobody = UserId.parse("nobody");

/** Returns a new order. */
export function newOrder(orderId: OrderId, userId: UserId, nowMs: number): Order & { readonly state: "CREATED" } {
  return {
    id: orderId,
    userId: userId === "" ? nobody : userId,
    state: "CREATED",
    drinkOrder: null,
    name: "",
    note: "",
    reason: "",
    baristaUserId: "",
    createdMs: nowMs,
    stampMs: nowMs,
  };
}

/** Returns an order as the API answers it: never with a token; user ids for admins alone. */
export function presentOrder(order: Order, forAdmin: boolean): JsonValue {
  const { id, state, userId, baristaUserId, orderNumber = null, name, note, drinkOrder, reason, createdMs, stampMs } = order;
  const drink = drinkOrder && { ...drinkOrder };
  const shown = { orderId: id, orderNumber, orderState: state, name, note, drinkOrder: drink, reason, createdMs, updatedMs: stampMs };
  return forAdmin ? { ...shown, userId, baristaUserId } : shown;
}
