/** The reducer of orders.ts with its state: messages once by id, snapshots with what came meanwhile, questions about partial orders. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "./clock.ts";
import { applyMessage, applySnapshot, type Message, mergeOrder, type Order, type Orders } from "./orders.ts";
import { mayRetry } from "./problem.ts";

/** The orders this page knows, from snapshots and live messages together. */
export interface OrderBook {
  readonly orders: ReadonlySignal<Orders>;
  /** Takes a message; one seen before changes nothing. Returns whether it was new. */
  take(message: Message): boolean;
  merge(order: Order): void;
  /** Reads a snapshot and puts it in place of what was known. */
  load(read: () => Promise<Order[]>): Promise<void>;
  /** Asks for one order again. */
  refetch(orderId: string): void;
  /** Forgets all orders; answers that are still on their way are the former user's and change nothing. */
  clear(): void;
}

/** Ids remembered to tell repeated messages. */
const REMEMBERED = 1000;

const RETRY_MS = 3_000;

/** @param fetchOrder asks the API for an order that is known in part; asked again after a while where no answer comes. */
export function createOrderBook(fetchOrder: (orderId: string) => Promise<Order>, clock: Clock): OrderBook {
  const orders = signal<Orders>(new Map());
  const seen = new Set<string>();
  let generation = 0; // raised by each clear
  const asking = new Map<string, boolean>(); // whether to ask once more
  let coming: Message[] | undefined; // what has come since the last snapshot was asked for; an older one that comes later is dropped

  /** One question at a time; what is asked meanwhile may be about something newer than the answer, so it is asked afterwards. */
  function refetch(orderId: string): void {
    const waiting = asking.has(orderId);
    asking.set(orderId, waiting);
    if (waiting) return;
    const asked = generation;
    fetchOrder(orderId)
      .then((order) => void (asked === generation && merge(order)))
      .catch((error: unknown) => {
        if (asked === generation && mayRetry(error)) clock.after(RETRY_MS, () => refetch(orderId));
      })
      .finally(() => {
        const again = asking.get(orderId);
        asking.delete(orderId);
        if (again && asked === generation) refetch(orderId);
      });
  }

  const merge = (order: Order): void => void (orders.value = mergeOrder(orders.peek(), order));

  function remember(id: string): boolean {
    if (seen.has(id)) return false;
    seen.add(id);
    const [oldest] = seen;
    if (seen.size > REMEMBERED && oldest !== undefined) seen.delete(oldest);
    return true;
  }

  return {
    orders,
    merge,
    refetch,
    take(message) {
      if (!remember(message.id)) return false;
      coming?.push(message);
      orders.value = applyMessage(orders.peek(), message);
      const orderId = String(message.detail.orderId ?? "");
      if (orders.peek().get(orderId)?.partial) refetch(orderId);
      return true;
    },
    async load(read) {
      const since: Message[] = [];
      coming = since;
      const snapshot = await read();
      if (coming !== since) return;
      coming = undefined;
      orders.value = applySnapshot(orders.peek(), snapshot, since);
      for (const { partial, orderId } of orders.peek().values()) if (partial) refetch(orderId);
    },
    clear() {
      generation += 1;
      coming = undefined;
      orders.value = new Map();
    },
  };
}
