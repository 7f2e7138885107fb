/**
 * The order table: how orders are read and changed.
 *
 * O2. Every change is conditional on the stamp `TS` that was read, and stamps later than it: of two changes made from the same
 *     reading one wins, and the other reads and decides again.
 * O5. A change that no client sees keeps the stamp. So one that stores a token is conditional on the token that was read as well.
 * O3. `pending` names the event of a change that is written but, as far as the item knows, not told yet.
 */

import type { OrderId } from "@serverlesspresso/contract/ids";
import type { Clock, Item, Tables, TransactItem } from "@serverlesspresso/ports";
import { isLostRace } from "./errors.ts";
import type { Order } from "./order.ts";
import { attributeOf, attributesOf, itemOf, type OrderMembers, parseOrder } from "./order-codec.ts";

const orderKey = (orderId: string): Item => ({ PK: "orders", SK: orderId });

/** Reads an order. */
export async function readOrder(tables: Tables, tableName: string, orderId: string): Promise<Order | undefined> {
  const item = await tables.getItem({ tableName, key: orderKey(orderId) });
  return item && parseOrder(item);
}

/** Makes an order unless there is one under its id. Returns whether it did. */
export async function putNewOrder(tables: Tables, tableName: string, order: Order): Promise<boolean> {
  try {
    await tables.putItem({ tableName, item: itemOf(order), conditionExpression: "attribute_not_exists(PK)" });
    return true;
  } catch (error) {
    if (isLostRace(error)) return false;
    throw error;
  }
}

/** What becomes of an order, and what goes with it in the same transaction. */
export interface OrderChange {
  readonly set: OrderMembers;
  /** Members that go; `unmadeBy` is the order manager's own note, `closing` that of the workflow whose time ran out. */
  readonly remove?: readonly (keyof OrderMembers | "unmadeBy" | "closing")[];
  readonly also?: readonly TransactItem[];
  /** Keeps the stamp, where nothing changes that a client sees. */
  readonly keepsStamp?: boolean;
}
/** `nothing`: the decision was to change nothing. */
export type Changed =
  | { readonly kind: "changed"; readonly order: Order }
  | { readonly kind: "nothing"; readonly order: Order }
  | { readonly kind: "absent" };

/** The order table and the clock that stamps. */
export interface Orders {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly tableName: string;
}

const mostAttempts = 20;

/**
 * Reads, decides, and writes unless another write came between (O2); after one it reads and decides again.
 * @param known the order as it was just written: decided on first, without a read
 */
export async function changeOrder(
  orders: Orders,
  orderId: OrderId,
  decide: (order: Order, attempt: number) => OrderChange | undefined,
  known?: Order,
): Promise<Changed> {
  for (let attempt = 0; ; attempt++) {
    const order = attempt === 0 && known !== undefined ? known : await readOrder(orders.tables, orders.tableName, orderId);
    if (order === undefined) return { kind: "absent" };
    const change = decide(order, attempt);
    if (change === undefined) return { kind: "nothing", order };
    try {
      return { kind: "changed", order: await write(orders, order, change) };
    } catch (error) {
      if (!isLostRace(error) || attempt + 1 >= mostAttempts) throw error;
    }
  }
}

/** Resolves with the order as it then is. */
async function write({ tables, clock, tableName }: Orders, order: Order, change: OrderChange): Promise<Order> {
  const stampMs = change.keepsStamp === true ? order.stampMs : Math.max(clock.nowMs(), order.stampMs + 1);
  const assigned = Object.entries(attributesOf({ ...change.set, stampMs }));
  const removed = (change.remove ?? []).map(attributeOf);
  const { taskToken } = order;
  const isTokenKept = change.set.taskToken !== undefined;
  const update = {
    tableName,
    key: orderKey(order.id),
    updateExpression:
      `SET ${assigned.map((_, i) => `#s${i} = :s${i}`).join(", ")}` +
      (removed.length === 0 ? "" : ` REMOVE ${removed.map((_, i) => `#r${i}`).join(", ")}`),
    conditionExpression:
      "#stamp = :read" + (!isTokenKept ? "" : ` AND ${taskToken === undefined ? "attribute_not_exists(#token)" : "#token = :token"}`),
    names: {
      "#stamp": "TS",
      ...(isTokenKept && { "#token": "TaskToken" }),
      ...Object.fromEntries(assigned.map(([name], i) => [`#s${i}`, name])),
      ...Object.fromEntries(removed.map((name, i) => [`#r${i}`, name])),
    },
    values: {
      ":read": order.stampMs,
      ...(isTokenKept && taskToken !== undefined && { ":token": taskToken }),
      ...Object.fromEntries(assigned.map(([, value], i) => [`:s${i}`, value])),
    },
  };
  if (change.also === undefined || change.also.length === 0) await tables.updateItem(update);
  else await tables.transactWriteItems([{ update }, ...change.also]);
  return { ...order, ...change.set, stampMs };
}
