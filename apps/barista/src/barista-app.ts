/**
 * The barista app's state and what a barista can do.
 *
 * R1. Completing and cancelling rest for 5 s on this tablet and can be taken back meanwhile; all else is sent at once.
 * R2. The server decides every race: the loser gets a notice, and sees the order as it is.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { readBoard, staffTopics } from "../../ui/src/board.ts";
import { explain } from "../../ui/src/explain.ts";
import type { Kit } from "../../ui/src/kit.ts";
import type { Live } from "../../ui/src/live.ts";
import { createOrderBook } from "../../ui/src/order-book.ts";
import { isEvent, type Message, type Order, parseOrder } from "../../ui/src/orders.ts";
import { type Action, createOutbox, type Outbox, type Outcome } from "../../ui/src/outbox.ts";
import { Problem } from "../../ui/src/problem.ts";
import { random, randomId } from "../../ui/src/random.ts";
import type { Shop } from "../../ui/src/shop.ts";
import { createShopState } from "../../ui/src/shop-state.ts";
import { play } from "../../ui/src/sounds.ts";
import { type Columns, columnsOf, type Kind } from "./columns.ts";
import { createNotices, type Notices } from "./notices.ts";
import type { Words } from "./words/en.ts";

/** How long completing and cancelling can be taken back. */
export const UNDO_MS = 5_000;

/** The barista screen's state as signals, and what a barista can do. */
export interface BaristaApp {
  readonly kit: Kit<Words>;
  readonly live: Live;
  readonly shop: ReadonlySignal<Shop | undefined>;
  readonly columns: ReadonlySignal<Columns>;
  readonly outbox: Outbox<Kind>;
  /** Actions that can still be taken back, oldest first. */
  readonly undoable: ReadonlySignal<readonly Action<Kind>[]>;
  readonly notices: Notices;
  readonly soundOn: Signal<boolean>;
  readonly keysOn: Signal<boolean>;
  /** The number of an order, 0 where it is unknown. */
  numberOf(orderId: string): number;
  act(kind: Kind, order: Order, reason?: string): void;
  /** Takes back an action, the latest by default. Returns false without one. */
  undo(key?: string): boolean;
  /** Reads the shop again after a change made here. */
  readShop(): Promise<void>;
}

/** Returns the app's state. Nothing connects before a barista has signed in. */
export function createBaristaApp(kit: Kit<Words>): BaristaApp {
  const { shelf, api, session, clock, serverClock } = kit;
  const kept = (key: string): Signal<boolean> => {
    const value = signal(shelf.get<boolean>(key) ?? true);
    effect(() => shelf.set(key, value.value));
    return value;
  };
  const soundOn = kept("sound");
  const keysOn = kept("keys");
  const shopState = createShopState(api, clock, serverClock);
  const book = createOrderBook(api.order, clock);
  const notices = createNotices(clock);
  const outbox = createOutbox<Kind>({ shelf, clock, random, newKey: randomId, send, onSettled });
  kit.leaving.guard(outbox);
  const undoable = computed(() =>
    outbox.actions.value.filter(({ kind, attempts }) => (kind === "complete" || kind === "cancel") && attempts === 0),
  );
  const columns = computed(() => columnsOf(book.orders.value, outbox.actions.value));
  const live = kit.openLive({ filters: () => staffTopics(kit.topics()), snapshot, onMessage });
  const words = (): Words => kit.words.peek();
  const numberOf = (orderId: string): number => book.orders.peek().get(orderId)?.orderNumber ?? 0;

  async function send({ kind, lane, body, key }: Action<Kind>): Promise<unknown> {
    return api.act(lane, kind, { key, ...(Object.keys(body).length > 0 && { body }) });
  }

  /** R2. */
  function onSettled({ kind, lane }: Action<Kind>, outcome: Outcome): void {
    const number = numberOf(lane);
    if (outcome.ok && kind === "announce") notices.add(words().called(number));
    if (!outcome.ok) {
      const { error } = outcome;
      const faster = error instanceof Problem && error.type === "order-already-claimed";
      notices.add(faster ? words().claimed(number) : words().failed(number, explain(error, words())), "warn");
    }
    if (outcome.ok) book.merge(parseOrder(outcome.value));
    else book.refetch(lane);
  }

  async function snapshot(): Promise<void> {
    await Promise.all([shopState.read(), book.load(() => readBoard(api))]);
    outbox.hurry();
  }

  function onMessage(message: Message): void {
    if (shopState.take(message)) return;
    const number = numberOf(String(message.detail.orderId)) || Number(message.detail.orderNumber ?? 0);
    const ours = outbox.actions.peek().some(({ lane, kind }) => lane === message.detail.orderId && kind === "cancel");
    if (!book.take(message)) return;
    if (isEvent(message, "OrderManager.WaitingCompletion")) sound("arrived");
    if (!number || ours) return;
    if (isEvent(message, "OrderManager.OrderCancelled")) tell(words().guestCancelled(number));
    if (isEvent(message, "OrderProcessor.OrderTimeOut")) tell(words().timedOut(number));
  }

  function tell(text: string): void {
    sound("cancelled");
    notices.add(text, "warn");
  }

  function sound(melody: "arrived" | "cancelled"): void {
    if (soundOn.peek()) play(melody);
  }

  effect(() => {
    if (session.user.value?.isAdmin) live.reconnect();
    else {
      live.close();
      book.clear();
    }
  });
  void session.restore();

  return {
    kit,
    live,
    shop: shopState.shop,
    columns,
    outbox,
    undoable,
    notices,
    soundOn,
    keysOn,
    numberOf,
    act(kind, { orderId }, reason) {
      const rests = kind === "complete" || kind === "cancel"; // R1
      outbox.add(kind, orderId, reason ? { reason } : {}, rests ? UNDO_MS : 0);
    },
    undo(key = undoable.peek().at(-1)?.key) {
      const action = undoable.peek().find((other) => other.key === key);
      if (!action || !outbox.takeBack(action.key)) return false;
      notices.add(words().takenBack(numberOf(action.lane)));
      return true;
    },
    readShop: shopState.read,
  };
}
