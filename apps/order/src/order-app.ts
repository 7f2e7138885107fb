/**
 * The order app's state and what a guest can do.
 *
 * A1. A scanned code is kept until the server has answered for it; scanning twice or reloading in between spends nothing twice.
 * A2. Spending, placing and cancelling go through the outbox; what the phone then shows comes from the server.
 * A3. Another user finds nothing of the former one. Where the server ended the sign-in, what waits to be sent is kept for the same user.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { http } from "../../ui/src/http.ts";
import type { Kit } from "../../ui/src/kit.ts";
import type { Live } from "../../ui/src/live.ts";
import { createOrderBook, type OrderBook } from "../../ui/src/order-book.ts";
import { isEvent, type Message, type Order } from "../../ui/src/orders.ts";
import { type Action, createOutbox, type Outbox, type Outcome } from "../../ui/src/outbox.ts";
import { random, randomId } from "../../ui/src/random.ts";
import { type MenuItem, record, type Shop, text } from "../../ui/src/shop.ts";
import { createShopState } from "../../ui/src/shop-state.ts";
import { play } from "../../ui/src/sounds.ts";
import { parseTokens } from "../../ui/src/user-pool.ts";
import { type Draft, emptyDraft, sameAgain, submission } from "./draft.ts";
import { type ChoiceTime, followChoice, leaveWithReason } from "./ends.ts";
import { SHOP } from "./kept.ts";
import { currentOrder } from "./screen.ts";
import type { Words } from "./words/en.ts";

type Kind = "spend" | "place" | "cancel";

/** The order app's state as signals, and what a guest can do. */
export interface OrderApp {
  readonly kit: Kit<Words>;
  readonly live: Live;
  readonly shop: ReadonlySignal<Shop | undefined>;
  readonly book: OrderBook;
  readonly outbox: Outbox<Kind>;
  /** A scanned code that has not been answered for. */
  readonly code: ReadonlySignal<string>;
  /** Why the last code or drink was refused. */
  readonly refusal: Signal<unknown>;
  readonly draft: Signal<Draft>;
  /** How long the guest of the last order that waited for a drink may choose. */
  readonly choice: ReadonlySignal<ChoiceTime | undefined>;
  readonly current: ReadonlySignal<Order | undefined>;
  /** The events of this page's life, newest last. */
  readonly events: ReadonlySignal<readonly Message[]>;
  /** The order the guest cancelled here. */
  readonly cancelledHere: ReadonlySignal<string>;
  signInAsGuest(name: string): Promise<void>;
  place(order: Order, item: MenuItem): void;
  cancel(order: Order): void;
  repeat(order: Order): void;
  putAway(order: Order): void;
}

const CODE = "token";

/** Starts the app: connects, goes on with what a former page left unanswered, spends the code of the address. */
export function createOrderApp(kit: Kit<Words>): OrderApp {
  const { shelf, api, session, clock, serverClock } = kit;
  const kept = <T>(key: string, initial: T): Signal<T> => {
    const value = signal<T>(shelf.get<T>(key) ?? initial);
    effect(() => shelf.set(key, value.value));
    shelf.watch(() => void (value.value = shelf.get<T>(key) ?? initial));
    return value;
  };
  const device = { "x-device-id": kit.deviceId };
  const shopState = createShopState(api, clock, serverClock, shelf.get<Shop>(SHOP));
  const { shop } = shopState;
  effect(() => shelf.set(SHOP, shop.value));
  const code = kept(CODE, "");
  const draft = kept("draft", emptyDraft);
  const putAway = kept("putAway", "");
  const choice = kept<ChoiceTime | undefined>("choice", undefined);
  const cancelledHere = kept("cancelled", "");
  const refusal = signal<unknown>(undefined);
  const events = signal<readonly Message[]>([]);
  const book = createOrderBook(api.order, clock);
  const outbox = createOutbox<Kind>({ shelf, clock, random, newKey: randomId, send, onSettled, user });
  kit.leaving.guard(outbox);
  const current = computed(() => currentOrder(book.orders.value, putAway.value, kit.now.value));
  const live = kit.openLive({ filters, snapshot, onMessage });

  function send({ kind, lane, body, key }: Action<Kind>): Promise<unknown> {
    // → services/validator/spend-token.ts
    if (kind === "spend")
      return api.call("validator", `/qr-code?token=${encodeURIComponent(lane)}`, { method: "POST", key, headers: device });
    // → blueprint/workflows/order-manager.asl.json
    return api.act(lane, kind === "place" ? "placeOrder" : "cancelOrder", { body, key });
  }

  function onSettled({ kind, lane }: Action<Kind>, outcome: Outcome): void {
    if (!outcome.ok) {
      refusal.value = outcome.error;
      void shopState.read().catch(() => {}); // the menu or the doors may have changed
    }
    if (kind === "spend") {
      if (code.peek() === lane) code.value = "";
      if (outcome.ok) book.refetch(text(record(outcome.value).orderId));
      return;
    }
    if (outcome.ok && kind === "cancel") cancelledHere.value = lane;
    book.refetch(lane);
  }

  function user(): string {
    return session.user.peek()?.sub ?? "";
  }

  function filters(): string[] {
    const { configTopic, userTopicPrefix } = kit.topics();
    return user() ? [configTopic, userTopicPrefix + user()] : [configTopic];
  }

  async function snapshot(): Promise<void> {
    await Promise.all([shopState.read(), session.user.peek() && book.load(api.myOrders)]);
    outbox.hurry();
  }

  function onMessage(message: Message): void {
    if (shopState.take(message)) return;
    if (!book.take(message)) return;
    events.value = [...events.value.slice(-50), message];
    if (isEvent(message, "OrderManager.OrderCompleted", "OrderManager.OrderAnnounced")) callGuest();
    if (isEvent(message, "OrderManager.OrderAnnounced")) putAway.value = "";
  }

  /** A1: one spend for one code. */
  function spendCode(): void {
    const scanned = code.value;
    if (!scanned || !session.user.value || kit.proposal.value) return;
    if (!outbox.actions.peek().some(({ kind, lane }) => kind === "spend" && lane === scanned)) outbox.add("spend", scanned);
  }

  const scanned = kit.parameters.get(CODE);
  if (scanned) code.value = scanned;
  let userBefore: string | undefined;
  let sender = "";
  effect(() => {
    const sub = session.user.value?.sub ?? "";
    if (session.user.value === undefined || sub === userBefore) return;
    // A3.
    if (userBefore) {
      book.clear();
      draft.value = emptyDraft;
    }
    const isKept = sub === "" && session.ended.peek();
    if (sender && sub !== sender && !isKept) outbox.clear(sender);
    sender = sub || sender;
    userBefore = sub;
    outbox.hurry();
    live.reconnect();
  });
  effect(spendCode);
  const freshShop = computed(() => (live.state.value.fresh ? shop.value : undefined));
  followChoice({ current, shop: freshShop, choice, refetch: book.refetch, clock, serverClock });
  leaveWithReason({ refusal, shop, current, serverClock });
  void session.restore();

  return {
    kit,
    live,
    shop,
    book,
    outbox,
    code,
    refusal,
    draft,
    choice,
    current,
    events,
    cancelledHere,
    async signInAsGuest(name) {
      const { body } = await http(`${kit.endpoints().backend}/guests`, { method: "POST", headers: device, body: { name } });
      draft.value = { ...draft.peek(), name };
      await session.adopt(parseTokens(body), name);
    },
    place(order, item) {
      refusal.value = undefined;
      outbox.add("place", order.orderId, submission(item, draft.peek()));
    },
    cancel: ({ orderId }) => void outbox.add("cancel", orderId),
    repeat(order) {
      draft.value = sameAgain(order, shop.peek()?.menu ?? []);
      putAway.value = order.orderId;
    },
    putAway: ({ orderId }) => void (putAway.value = orderId),
  };
}

/** Sound, and a long buzz where the phone can. */
function callGuest(): void {
  play("ready", 0.7);
  navigator.vibrate?.([300, 150, 300, 150, 600]);
}
