/**
 * The shop as the API last described it.
 *
 * H1. Read again whenever a message says that it changed.
 * H2. Read again when a pause should be over, whether a message comes or not, and until the API says that it is.
 */
import { effect, type Signal, signal } from "@preact/signals";
import type { Api } from "./api.ts";
import type { Clock, ServerClock } from "./clock.ts";
import type { Message } from "./orders.ts";
import { random } from "./random.ts";
import type { Shop } from "./shop.ts";

/** A thousand phones receive a change at once; their questions are spread over this time. */
const SPREAD_MS = 500;
const RETRY_MS = 3_000;
/** So long the message that a pause is over may take before we ask ourselves. */
const MESSAGE_MS = 1_000;

/** The shop as this page knows it. */
export interface ShopState {
  readonly shop: Signal<Shop | undefined>;
  read(): Promise<void>;
  /** Takes a message about the shop; false for any other. */
  take(message: Message): boolean;
}

/** Returns the shop's state, `kept` until it has been read. */
export function createShopState(api: Api, clock: Clock, serverClock: ServerClock, kept?: Shop): ShopState {
  const shop = signal(kept);
  let asked = 0;
  let cancel = (): void => {};

  /** Several reasons are one question. */
  function readSoon(ms: number): void {
    cancel();
    cancel = clock.after(ms, () => void read().catch(() => readSoon(RETRY_MS)));
  }

  async function read(): Promise<void> {
    const mine = ++asked;
    const found = await api.shop();
    if (mine === asked) shop.value = found; // an older answer that comes later is dropped
  }

  effect(() => {
    const endMs = shop.value?.reopensMs;
    if (endMs) return serverClock.at(endMs, () => readSoon(MESSAGE_MS + random() * RETRY_MS)); // H2
  });

  return {
    shop,
    read,
    take({ type }) {
      if (!type.startsWith("ConfigService.")) return false;
      readSoon(random() * SPREAD_MS);
      return true;
    },
  };
}
