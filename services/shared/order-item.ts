/**
 * An order as stored, and how it is changed.
 *
 * O1. Every attribute but the number, the token and what follows from them is there from the start, so that the workflow can read it.
 * O2. Every change is conditional on the stamp `TS` that was read, and stamps later than it: of two changes made from the same
 *     reading one wins, and the other reads and decides again.
 * O3. `pending` names the event of a change that is written but, as far as the item knows, not told yet.
 */
import { isFinal as isFinalState, type OrderState } from "@serverlesspresso/contract";
import type { Clock, Item, JsonValue, PlainValue, Tables, TransactItem } from "@serverlesspresso/ports";
import { isLostRace } from "./errors.ts";

/** The stored order. */
export interface OrderItem {
  readonly PK: "orders";
  readonly SK: string;
  readonly USERID: string;
  readonly ORDERSTATE: OrderState;
  /** JSON text of `{drink, modifiers}`, or `null`. */
  readonly drinkOrder: string;
  readonly name: string;
  readonly note: string;
  readonly reason: string;
  readonly baristaUserId: string;
  readonly createdMs: number;
  readonly TS: number;
  readonly orderNumber?: number;
  readonly TaskToken?: string;
  /** When the token's event was put on the bus, ISO 8601: a redriven workflow has a newer one. */
  readonly tokenAt?: string;
  readonly executionArn?: string;
  readonly pending?: string;
  /** Set while the bus has not been told that the order waits for the bar. */
  readonly untold?: boolean;
  /** The window whose token it took; not there where it was made by hand. */
  readonly bucket?: { readonly window: string; readonly startMs: number; readonly endMs: number };
}

/** Whether nothing follows. */
export function isFinal(order: Pick<OrderItem, "ORDERSTATE">): boolean {
  return isFinalState(order.ORDERSTATE);
}

/** Whose an order is whose event names nobody; an index's key is never empty. */
const nobody = "nobody";

/** A new order (O1). */
export function newOrder(orderId: string, userId: string, nowMs: number): OrderItem {
  return {
    PK: "orders",
    SK: orderId,
    USERID: userId === "" ? nobody : userId,
    ORDERSTATE: "CREATED",
    drinkOrder: "null",
    name: "",
    note: "",
    reason: "",
    baristaUserId: "",
    createdMs: nowMs,
    TS: nowMs,
  };
}

const orderKey = (orderId: string): Item => ({ PK: "orders", SK: orderId });

/** Reads an order. */
export async function readOrder(tables: Tables, tableName: string, orderId: string): Promise<OrderItem | undefined> {
  return (await tables.getItem({ tableName, key: orderKey(orderId) })) as OrderItem | undefined;
}

/** Makes an order unless there is one under its id. Answers whether it did. */
export async function putNewOrder(tables: Tables, tableName: string, order: OrderItem): Promise<boolean> {
  try {
    await tables.putItem({ tableName, item: order as unknown as Item, conditionExpression: "attribute_not_exists(PK)" });
    return true;
  } catch (error) {
    if (isLostRace(error)) return false;
    throw error;
  }
}

/** What becomes of an order, and what goes with it in the same transaction. */
export interface OrderChange {
  readonly set: Readonly<Record<string, PlainValue>>;
  readonly remove?: readonly string[];
  readonly also?: readonly TransactItem[];
  /** Keeps the stamp, where nothing changes that anybody sees. */
  readonly keepsStamp?: boolean;
}
/** `nothing`: the decision was to change nothing. */
export type Changed =
  | { readonly kind: "changed"; readonly order: OrderItem }
  | { readonly kind: "nothing"; readonly order: OrderItem }
  | { readonly kind: "absent" };

const mostAttempts = 20;

/** Reads, decides, writes under the condition that nobody wrote in between (O2); reads and decides again where somebody did. */
export async function changeOrder(
  { tables, clock, tableName }: { readonly tables: Tables; readonly clock: Clock; readonly tableName: string },
  orderId: string,
  decide: (order: OrderItem, attempt: number) => OrderChange | undefined,
): Promise<Changed> {
  for (let attempt = 0; ; attempt++) {
    const order = await readOrder(tables, tableName, orderId);
    if (order === undefined) return { kind: "absent" };
    const change = decide(order, attempt);
    if (change === undefined) return { kind: "nothing", order };
    const stamp = change.keepsStamp === true ? order.TS : Math.max(clock.nowMs(), order.TS + 1);
    try {
      await write(tables, tableName, order, change, stamp);
      return { kind: "changed", order: { ...order, ...change.set, TS: stamp } as OrderItem };
    } catch (error) {
      if (!isLostRace(error) || attempt + 1 >= mostAttempts) throw error;
    }
  }
}

async function write(tables: Tables, tableName: string, order: OrderItem, change: OrderChange, stamp: number): Promise<void> {
  const assigned = Object.entries({ ...change.set, TS: stamp });
  const removed = change.remove ?? [];
  const update = {
    tableName,
    key: orderKey(order.SK),
    updateExpression:
      `SET ${assigned.map((_, i) => `#s${i} = :s${i}`).join(", ")}` +
      (removed.length === 0 ? "" : ` REMOVE ${removed.map((_, i) => `#r${i}`).join(", ")}`),
    conditionExpression: "#stamp = :read",
    names: {
      "#stamp": "TS",
      ...Object.fromEntries(assigned.map(([name], i) => [`#s${i}`, name])),
      ...Object.fromEntries(removed.map((name, i) => [`#r${i}`, name])),
    },
    values: { ":read": order.TS, ...Object.fromEntries(assigned.map(([, value], i) => [`:s${i}`, value])) },
  };
  if (change.also === undefined || change.also.length === 0) await tables.updateItem(update);
  else await tables.transactWriteItems([{ update }, ...change.also]);
}

/** An order as the API answers it: never with a token; user ids for admins alone. */
export function presentOrder(order: OrderItem, forAdmin: boolean): JsonValue {
  return {
    orderId: order.SK,
    orderNumber: order.orderNumber ?? null,
    orderState: order.ORDERSTATE,
    name: order.name,
    note: order.note,
    drinkOrder: drinkOf(order),
    reason: order.reason,
    createdMs: order.createdMs,
    updatedMs: order.TS,
    ...(forAdmin ? { userId: order.USERID, baristaUserId: order.baristaUserId } : {}),
  };
}

/** The drink chosen, or null. */
export function drinkOf(order: Pick<OrderItem, "drinkOrder">): JsonValue {
  try {
    return JSON.parse(order.drinkOrder) as JsonValue;
  } catch {
    return null;
  }
}
