/**
 * Orders as this device knows them: one reducer over snapshots and published events.
 *
 * O1. A snapshot replaces what was known; messages that came while it was on its way are applied to it again.
 * O2. A message older (by `TS`) than what is shown changes nothing. One without `TS` only moves an order forward.
 * O3. A finished order stays finished, whatever arrives.
 * O4. An event says what changed, not everything: an order known only in part is `partial` until the API has been asked.
 */
import { type DetailType, isFinal, type OrderState, orderStates, withoutInvisible } from "@serverlesspresso/contract";
import { list, record, text } from "./shop.ts";

/** An order as the API describes it. Times are the server's, in ms. */
export interface Order {
  readonly orderId: string;
  /** 0 until drawn. */
  readonly orderNumber: number;
  readonly orderState: OrderState;
  readonly name: string;
  readonly note: string;
  readonly drink: string;
  readonly modifiers: readonly string[];
  readonly reason: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** When the drink was chosen, if this device received the message; else 0. */
  readonly placedMs: number;
  readonly baristaUserId: string;
  readonly partial: boolean;
}

/** A published event as it comes over MQTT. */
export interface Message {
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Orders by id. */
export type Orders = ReadonlyMap<string, Order>;

/** Since when a guest waits for the drink: from the choice if this device received it, else from what the API says. */
export const waitingSinceMs = ({ placedMs, orderState, updatedMs, createdMs }: Order): number =>
  placedMs || (orderState === "SUBMITTED" ? updatedMs : createdMs);

/** Whether the order is in a final state. */
export const isFinished = ({ orderState }: { orderState: OrderState }): boolean => isFinal(orderState);

const parseState = (value: unknown): OrderState => orderStates.find((state) => state === value) ?? "CREATED";

/** Text by a stranger, without characters that hide or reverse it. */
export const plain = (value: unknown): string => withoutInvisible(text(value));

/** Reads an order of the API. */
export function parseOrder(value: unknown): Order {
  const fields = record(value);
  const { drink, modifiers } = record(fields.drinkOrder);
  return {
    orderId: text(fields.orderId),
    orderNumber: Number(fields.orderNumber ?? 0) || 0,
    orderState: parseState(fields.orderState),
    name: plain(fields.name),
    note: plain(fields.note),
    drink: plain(drink),
    modifiers: list(modifiers).map(plain),
    reason: plain(fields.reason),
    createdMs: Number(fields.createdMs ?? 0),
    updatedMs: Number(fields.updatedMs ?? 0),
    placedMs: 0,
    baristaUserId: text(fields.baristaUserId),
    partial: false,
  };
}

/** Reads a message; `undefined` for any other text. */
export function parseMessage(payload: string): Message | undefined {
  try {
    const { id, time, type, detail } = record(JSON.parse(payload));
    return text(id) && text(type) ? { id: text(id), time: text(time), type: text(type), detail: record(detail) } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a message is one of these events. */
export const isEvent = ({ type }: Message, ...types: readonly DetailType[]): boolean => types.some((one) => one === type);

/** What each event says of its order; events not named here change none. */
const changes: Partial<Record<string, (detail: Message["detail"]) => Partial<Order>>> = {
  "Validator.NewOrder": () => ({ orderState: "CREATED" }),
  "OrderManager.WaitingCompletion": ({ orderNumber, drinkOrder, name, note, state, TS }) => ({
    orderState: state === undefined ? "SUBMITTED" : parseState(state), // a quick barista claims a drink before it has its number
    placedMs: Number(TS ?? 0),
    orderNumber: Number(orderNumber ?? 0),
    ...drinkOf(drinkOrder, name, note),
  }),
  "OrderManager.MakeOrder": ({ baristaUserId }) => ({
    orderState: baristaUserId ? "MAKING" : "SUBMITTED",
    baristaUserId: text(baristaUserId),
  }),
  "OrderManager.OrderCompleted": () => ({ orderState: "COMPLETED" }),
  "OrderManager.OrderCancelled": ({ reason }) => ({
    orderState: "CANCELLED",
    ...(reason === undefined ? { partial: true } : { reason: plain(reason) }),
  }),
  "OrderProcessor.OrderTimeOut": ({ cause }) => ({ orderState: "TIMEDOUT", reason: plain(cause) }),
  "OrderProcessor.ShopUnavailable": ({ reason }) => ({ orderState: "REFUSED", reason: plain(reason) }),
} satisfies Partial<Record<DetailType, (detail: Message["detail"]) => Partial<Order>>>;

function drinkOf(drinkOrder: unknown, name: unknown, note: unknown): Partial<Order> {
  const order = record(drinkOrder);
  const cupName = name ?? order.name;
  return {
    ...(order.drink ? { drink: plain(order.drink), modifiers: list(order.modifiers).map(plain) } : { partial: true }),
    ...(cupName === undefined ? { partial: true } : { name: plain(cupName), note: plain(note ?? order.note) }),
  };
}

const unknownOrder = (orderId: string, timeMs: number): Order => ({
  ...parseOrder({ orderId, createdMs: timeMs }),
  partial: true,
});

/** The orders after a message (O2–O4); the same map where nothing changed. */
export function applyMessage(orders: Orders, message: Message): Orders {
  const change = changes[message.type]?.(message.detail);
  const orderId = text(message.detail.orderId);
  if (!change || !orderId) return orders;
  const known = orders.get(orderId);
  if (known && isFinished(known)) return orders;
  const tsMs = Number(message.detail.TS ?? 0);
  if (known && (tsMs ? tsMs <= known.updatedMs : movesBack(known, change))) return orders;
  const before = known ?? unknownOrder(orderId, tsMs || Date.parse(message.time) || 0);
  const after = { ...before, ...change, updatedMs: Math.max(before.updatedMs, tsMs) };
  return new Map(orders).set(orderId, lacksDrink(after) ? { ...after, partial: true } : after);
}

const atTheBar: ReadonlySet<OrderState> = new Set(["SUBMITTED", "MAKING", "COMPLETED"]);

/** An order at the bar of which the event with drink and number has not come, or came too late to count (O2). */
const lacksDrink = ({ orderState, orderNumber, drink }: Order): boolean => atTheBar.has(orderState) && (orderNumber === 0 || drink === "");

const movesBack = (known: Order, { orderState }: Partial<Order>): boolean =>
  orderStates.indexOf(orderState ?? "CREATED") <= orderStates.indexOf(known.orderState);

/** Returns the orders after the API returned one. */
export function mergeOrder(orders: Orders, order: Order): Orders {
  return new Map(orders).set(order.orderId, newer(orders.get(order.orderId), order));
}

/** Of two readings of one order the one to show: the newer, but never one that reopens a finished order (O3). */
function newer(known: Order | undefined, read: Order): Order {
  if (!known) return read;
  const order = { ...read, placedMs: known.placedMs };
  if (order.updatedMs > known.updatedMs || isFinished(order)) return order;
  if (order.updatedMs === known.updatedMs && !isFinished(known)) return order;
  const { orderNumber, name, note, drink, modifiers } = order;
  return known.partial && drink && orderNumber ? { ...known, orderNumber, name, note, drink, modifiers, partial: false } : known;
}

/** The orders after a snapshot and the messages that came while it was read (O1). */
export function applySnapshot(known: Orders, snapshot: readonly Order[], since: readonly Message[]): Orders {
  const read = snapshot.map((order) => {
    const before = known.get(order.orderId);
    const kept = before && isFinished(before) ? newer(before, order) : { ...order, placedMs: before?.placedMs ?? 0 };
    return [order.orderId, kept] as const;
  });
  return since.reduce(applyMessage, new Map(read) as Orders);
}
