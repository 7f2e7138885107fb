/** The display's state: orders, the code's window, the call of the moment. It runs unattended for days. */
import { effect, type ReadonlySignal } from "@preact/signals";
import { readBoard, staffTopics } from "../../ui/src/board.ts";
import { http } from "../../ui/src/http.ts";
import type { Kit } from "../../ui/src/kit.ts";
import type { Live } from "../../ui/src/live.ts";
import { createOrderBook } from "../../ui/src/order-book.ts";
import { isEvent, type Message, type Orders } from "../../ui/src/orders.ts";
import { keptSettings } from "../../ui/src/settings.ts";
import type { Shop } from "../../ui/src/shop.ts";
import { createShopState } from "../../ui/src/shop-state.ts";
import { play } from "../../ui/src/sounds.ts";
import { type Calls, createCalls } from "./calls.ts";
import { type CodeWindows, createCodeWindows } from "./code-window.ts";
import { configureLink, orderLink, reachableRoot } from "./links.ts";
import { createPairing, type Pairing } from "./pairing.ts";
import type { Words } from "./words/en.ts";

/** The display's state as signals. */
export interface DisplayApp {
  readonly kit: Kit<Words>;
  readonly live: Live;
  readonly shop: ReadonlySignal<Shop | undefined>;
  readonly orders: ReadonlySignal<Orders>;
  readonly codes: CodeWindows;
  readonly calls: Calls;
  readonly pairing: Pairing;
  /** Where a phone orders with this code. */
  linkTo(code: string): string;
  linkToConfigure(app: "order" | "barista"): string;
}

/** Returns the app's state. It pairs first, if no session is on the device. */
export function createDisplayApp(kit: Kit<Words>): DisplayApp {
  const { api, clock, serverClock, session, shelf } = kit;
  const shopState = createShopState(api, clock, serverClock);
  const book = createOrderBook(api.order, clock);
  const codes = createCodeWindows(() => api.call("validator", "/qr-code"), clock, serverClock);
  const calls = createCalls(clock, () => play("ready", 0.8));
  const pairing = createPairing({
    http,
    backend: () => kit.endpoints().backend,
    deviceName: () => kit.words.peek().pairing.deviceName,
    onTokens: session.adopt,
    clock,
    serverClock,
  });
  const snapshot = async (): Promise<void> => void (await Promise.all([shopState.read(), codes.read(), book.load(() => readBoard(api))]));
  const live = kit.openLive({ filters: () => staffTopics(kit.topics()), snapshot, onMessage });

  function onMessage(message: Message): void {
    if (!shopState.take(message) && !book.take(message)) return;
    codes.take(message);
    const { orderId } = message.detail;
    const isCall = isEvent(message, "OrderManager.OrderCompleted", "OrderManager.OrderAnnounced");
    if (isCall && typeof orderId === "string") calls.call(orderId);
  }

  effect(() => {
    const user = session.user.value;
    if (user === null) pairing.start();
    else pairing.stop();
    if (user?.isAdmin) live.reconnect();
    else {
      live.close();
      book.clear();
      codes.stop();
    }
  });
  void session.restore();

  const origin = (): string => reachableRoot(kit.root, kit.settings.value.host);
  return {
    kit,
    live,
    shop: shopState.shop,
    orders: book.orders,
    codes,
    calls,
    pairing,
    linkTo: (code) => orderLink(origin(), code, keptSettings(shelf)),
    linkToConfigure: (app) => configureLink(origin(), app, keptSettings(shelf)),
  };
}
